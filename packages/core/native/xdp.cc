// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>

#include "log.h"
#include "netns.h"
#include "values.h"

namespace millrace
{

namespace
{

/** Runs on the thread that does the work, whose log it is. */
template <typename Operation>
int logged(const std::string &netns, std::string &text, Operation operation)
{
	return in_netns(netns, [&] {
		LogCapture log;
		int result = operation();
		text = log.take();
		return result;
	});
}

/** The descriptor of an optional program; -EBADF for a handle that is none. */
int program_argument(const Napi::CallbackInfo &info, size_t index, int otherwise)
{
	if (info[index].As<Napi::Number>().Uint32Value() == 0)
		return otherwise;
	Slot *slot = slot_argument(info, index, Kind::program);
	return slot ? slot->fd.get() : -EBADF;
}

Napi::Value xdp_link_create(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int program = program_argument(info, 0, -EBADF);
	if (program < 0)
		return failure(env, EBADF);
	int ifindex = info[1].As<Napi::Number>().Int32Value();
	LIBBPF_OPTS(bpf_link_create_opts, options,
		    .flags = info[2].As<Napi::Number>().Uint32Value());
	std::string log;
	int fd = logged(info[3].As<Napi::String>(), log,
			[&] { return bpf_link_create(program, ifindex, BPF_XDP, &options); });
	if (fd < 0)
		return failure(env, fd, log);
	return handle_or_failure(env, Addon::of(info).handles.add(Kind::link, UniqueFd(fd)));
}

Napi::Value xdp_set(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	// libbpf's own words: descriptor -1 detaches, an old descriptor of 0 is not compared.
	int program = program_argument(info, 0, -1);
	int expected = program_argument(info, 3, 0);
	if (program == -EBADF || expected == -EBADF)
		return failure(env, EBADF);
	int ifindex = info[1].As<Napi::Number>().Int32Value();
	uint32_t flags = info[2].As<Napi::Number>().Uint32Value();
	LIBBPF_OPTS(bpf_xdp_attach_opts, options, .old_prog_fd = expected);
	std::string log;
	int error = logged(info[4].As<Napi::String>(), log,
			   [&] { return bpf_xdp_attach(ifindex, program, flags, &options); });
	return error ? failure(env, error, log).As<Napi::Value>() : env.Null();
}

Napi::Value xdp_query(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int ifindex = info[0].As<Napi::Number>().Int32Value();
	LIBBPF_OPTS(bpf_xdp_query_opts, state);
	std::string log;
	int error = logged(info[1].As<Napi::String>(), log,
			   [&] { return bpf_xdp_query(ifindex, 0, &state); });
	if (error)
		return failure(env, error, log);
	Napi::Object result = Napi::Object::New(env);
	result.Set("attached", static_cast<uint32_t>(state.attach_mode));
	result.Set("programId", state.prog_id);
	result.Set("driverProgramId", state.drv_prog_id);
	result.Set("genericProgramId", state.skb_prog_id);
	result.Set("hardwareProgramId", state.hw_prog_id);
	return result;
}

} // namespace

void export_xdp(Exports &exports)
{
	exports.cold<xdp_link_create>("xdpLinkCreate");
	exports.cold<xdp_set>("xdpSet");
	exports.cold<xdp_query>("xdpQuery");
}

} // namespace millrace
