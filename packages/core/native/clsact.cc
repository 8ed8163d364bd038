// SPDX-License-Identifier: Apache-2.0
#include "clsact.h"

#include <cerrno>

#include "values.h"

namespace millrace
{

namespace
{

constexpr uint32_t clsact_handle = TC_H_MAKE(TC_H_CLSACT, 0);

Napi::Value clsact_delete(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int ifindex = info[0].As<Napi::Number>().Int32Value();
	std::string netns = info[1].As<Napi::String>();
	NetlinkRequest request = qdisc_request(RTM_DELQDISC, 0, ifindex);
	std::string log;
	int error = with_rtnetlink(netns, log,
				   [&](RtNetlink &rtnetlink) { return rtnetlink.ask(request); });
	return error ? failure(env, error, log).As<Napi::Value>() : env.Null();
}

Napi::Value clsact_exists(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int ifindex = info[0].As<Napi::Number>().Int32Value();
	std::string netns = info[1].As<Napi::String>();
	std::string log;
	int found = with_rtnetlink(netns, log, [&](RtNetlink &rtnetlink) {
		return has_qdisc(rtnetlink, ifindex, "clsact");
	});
	return found < 0 ? failure(env, found, log).As<Napi::Value>()
			 : Napi::Boolean::New(env, found == 1);
}

} // namespace

NetlinkRequest qdisc_request(uint16_t type, uint16_t flags, int ifindex, std::string_view kind)
{
	tcmsg header = tc_header(ifindex, TC_H_CLSACT);
	header.tcm_handle = clsact_handle;
	NetlinkRequest request(type, flags | NLM_F_ACK, bytes_of(header));
	request.put_text(TCA_KIND, kind);
	return request;
}

int has_qdisc(RtNetlink &rtnetlink, int ifindex, std::string_view kind)
{
	NetlinkRequest request = qdisc_request(RTM_GETQDISC, 0, ifindex, kind);
	int error = rtnetlink.ask(request);
	// The kernel's words for no qdisc, and for one of another kind or none any more.
	if (error == -ENOENT || error == -EINVAL)
		return 0;
	return error ? error : 1;
}

void export_clsact(Exports &exports)
{
	exports.cold<clsact_delete>("clsactDelete");
	exports.cold<clsact_exists>("clsactExists");
}

} // namespace millrace
