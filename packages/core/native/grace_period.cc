// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <cerrno>

#include "log.h"
#include "values.h"

namespace millrace
{

namespace
{

/**
 * Returns when every program that was running has returned; 0 or a negative errno.
 *
 * The kernel promises that to whoever exchanges an inner map: an update of a map of maps returns
 * after synchronize_rcu(), because user space goes on to read the map that was taken out as one
 * that no program writes any more (maybe_wait_bpf_programs() of kernel/bpf/syscall.c, since
 * Linux 4.14; since 6.8 only for an update that succeeds, as ours does). A map of maps that no
 * program knows will do, for the wait is for all programs.
 *
 * That is true of packets as well. Programs of XDP, tc, sockets and control groups run inside
 * rcu_read_lock(), in softirq or not, and since Linux 5.0 synchronize_rcu() also waits for regions
 * that have bottom halves or preemption off, which a driver's poll of a queue is: there is one kind
 * of grace period for all of them. A chain of tail calls is one run. It is not true of programs
 * that may sleep (BPF_F_SLEEPABLE), which are protected by another kind of RCU and which packets
 * never meet.
 */
int wait_for_programs()
{
	UniqueFd inner(bpf_map_create(BPF_MAP_TYPE_ARRAY, "mr_grace_inner", 4, 4, 1, nullptr));
	if (!inner.valid())
		return -errno;
	LIBBPF_OPTS(bpf_map_create_opts, options,
		    .inner_map_fd = static_cast<uint32_t>(inner.get()));
	UniqueFd outer(bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "mr_grace", 4, 4, 1, &options));
	if (!outer.valid())
		return -errno;
	uint32_t index = 0;
	int value = inner.get();
	return bpf_map_update_elem(outer.get(), &index, &value, BPF_ANY);
}

class GracePeriod : public Napi::AsyncWorker
{
public:
	explicit GracePeriod(Napi::Env env)
		: AsyncWorker(env, "millrace.waitForPrograms"),
		  deferred_(Napi::Promise::Deferred::New(env))
	{
	}

	Napi::Promise promise() const
	{
		return deferred_.Promise();
	}

protected:
	void Execute() override
	{
		LogCapture log;
		error_ = wait_for_programs();
	}

	void OnOK() override
	{
		deferred_.Resolve(error_ ? failure(Env(), error_).As<Napi::Value>() : Env().Null());
	}

private:
	Napi::Promise::Deferred deferred_;
	int error_ = 0;
};

Napi::Value wait_for_programs_async(const Napi::CallbackInfo &info)
{
	auto *worker = new GracePeriod(info.Env());
	Napi::Promise promise = worker->promise();
	worker->Queue();
	return promise;
}

} // namespace

void export_grace_periods(Exports &exports)
{
	exports.cold<wait_for_programs_async>("waitForPrograms");
}

} // namespace millrace
