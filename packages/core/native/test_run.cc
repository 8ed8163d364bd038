// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bpf/bpf.h>
#include <cerrno>
#include <chrono>

#include "signal_mask.h"
#include "values.h"

namespace millrace
{

namespace
{

/** More than the kernel returns; V8 ends the process when it cannot allocate. */
constexpr uint32_t most_output = 1 << 24;

/** Bytes that the kernel fills, of which the caller sees the first `used`. */
class Output
{
public:
	Output(Napi::Env env, uint32_t capacity) : buffer_(Napi::ArrayBuffer::New(env, capacity))
	{
	}

	/** Null where nothing is wanted: for live frames the kernel insists on that. */
	void *data()
	{
		return buffer_.ByteLength() ? buffer_.Data() : nullptr;
	}
	uint32_t capacity()
	{
		return buffer_.ByteLength();
	}
	Napi::Value first(uint32_t used)
	{
		size_t length = std::min<size_t>(used, buffer_.ByteLength());
		return Napi::Uint8Array::New(buffer_.Env(), length, buffer_, 0);
	}

private:
	Napi::ArrayBuffer buffer_;
};

/** Within which a run that is broken off is begun anew, and how often. */
constexpr std::chrono::seconds soon{1};
constexpr int most_attempts = 4;

/**
 * A run of many repeats, which the kernel breaks off for signals, and, soon after the process has
 * closed an io_uring, as Node does with each child that it waits for, once for nothing: that looks
 * the same. A child that ends, or a profiler, is no reason to give up; who wants to end a run of
 * minutes, is.
 */
int run_to_the_end(int program, bpf_test_run_opts &run)
{
	SignalMask mask({SIGINT, SIGTERM, SIGHUP, SIGQUIT});
	for (int attempt = 1;; attempt++) {
		bpf_test_run_opts result = run;
		auto start = std::chrono::steady_clock::now();
		int error = bpf_prog_test_run_opts(program, &result);
		bool is_over = error != -EINTR || attempt == most_attempts ||
			       std::chrono::steady_clock::now() - start > soon;
		if (!is_over)
			continue;
		run = result;
		return error;
	}
}

Napi::Value program_test_run(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Slot *slot = slot_argument(info, 0, Kind::program);
	if (!slot)
		return failure(env, EBADF);
	Napi::Object options = info[1].As<Napi::Object>();
	uint32_t data_size = number_property(options, "dataOutSize", 0);
	uint32_t context_size = number_property(options, "contextOutSize", 0);
	if (data_size > most_output || context_size > most_output)
		return failure(env, EINVAL);
	Output data(env, data_size);
	Output context(env, context_size);
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_out = data.data(),
		    .data_size_out = data.capacity(), .ctx_out = context.data(),
		    .ctx_size_out = context.capacity(),
		    .repeat = static_cast<int>(number_property(options, "repeat", 0)),
		    .flags = number_property(options, "flags", 0),
		    .cpu = number_property(options, "cpu", 0),
		    .batch_size = number_property(options, "batchSize", 0));
	Napi::Value data_in = options.Get("data");
	if (!data_in.IsUndefined()) {
		Napi::Uint8Array bytes = bytes_argument(data_in);
		run.data_in = bytes.Data();
		run.data_size_in = bytes.ByteLength();
	}
	Napi::Value context_in = options.Get("context");
	if (!context_in.IsUndefined()) {
		Napi::Uint8Array bytes = bytes_argument(context_in);
		run.ctx_in = bytes.Data();
		run.ctx_size_in = bytes.ByteLength();
	}
	// Getters of `options` have run by now; nothing of JavaScript happens between here and the
	// result.
	slot = slot_argument(info, 0, Kind::program);
	if (!slot)
		return failure(env, EBADF);
	int error = run_to_the_end(slot->fd.get(), run);
	if (error)
		return failure(env, error);
	Napi::Object result = Napi::Object::New(env);
	result.Set("returnValue", run.retval);
	result.Set("duration", run.duration);
	result.Set("data", data.first(run.data_size_out));
	result.Set("context", context.first(run.ctx_size_out));
	return result;
}

} // namespace

void export_test_run(Exports &exports)
{
	exports.cold<program_test_run>("programTestRun");
}

} // namespace millrace
