// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>

#include "log.h"
#include "values.h"

namespace millrace
{

namespace
{

Napi::Value possible_cpus(const Napi::CallbackInfo &info)
{
	return Napi::Number::New(info.Env(), libbpf_num_possible_cpus());
}

Napi::Value libbpf_version(const Napi::CallbackInfo &info)
{
	return Napi::String::New(info.Env(), libbpf_version_string());
}

Napi::Value probe_program_type(const Napi::CallbackInfo &info)
{
	LogCapture log;
	auto type = static_cast<bpf_prog_type>(info[0].As<Napi::Number>().Uint32Value());
	return Napi::Number::New(info.Env(), libbpf_probe_bpf_prog_type(type, nullptr));
}

Napi::Value probe_map_type(const Napi::CallbackInfo &info)
{
	LogCapture log;
	auto type = static_cast<bpf_map_type>(info[0].As<Napi::Number>().Uint32Value());
	return Napi::Number::New(info.Env(), libbpf_probe_bpf_map_type(type, nullptr));
}

Napi::Value probe_helper(const Napi::CallbackInfo &info)
{
	LogCapture log;
	auto type = static_cast<bpf_prog_type>(info[0].As<Napi::Number>().Uint32Value());
	auto helper = static_cast<bpf_func_id>(info[1].As<Napi::Number>().Uint32Value());
	return Napi::Number::New(info.Env(), libbpf_probe_bpf_helper(type, helper, nullptr));
}

Napi::Value enable_stats(const Napi::CallbackInfo &info)
{
	UniqueFd fd(bpf_enable_stats(BPF_STATS_RUN_TIME));
	if (!fd.valid())
		return failure(info.Env(), errno);
	return handle_or_failure(info.Env(),
				 Addon::of(info).handles.add(Kind::statistics, std::move(fd)));
}

} // namespace

void export_features(Exports &exports)
{
	exports.cold<possible_cpus>("possibleCpus");
	exports.cold<libbpf_version>("libbpfVersion");
	exports.cold<probe_program_type>("probeProgramType");
	exports.cold<probe_map_type>("probeMapType");
	exports.cold<probe_helper>("probeHelper");
	exports.cold<enable_stats>("enableStats");
}

} // namespace millrace
