// SPDX-License-Identifier: Apache-2.0
#include "clsact.h"

#include <cerrno>

#include "values.h"

namespace millrace
{

namespace
{

constexpr uint32_t clsact_handle = TC_H_MAKE(TC_H_CLSACT, 0);

/** The kind is told each time: an `ingress` qdisc, which has the same place and handle, is not
 * ours. */
int ask_qdisc(RtNetlink &rtnetlink, uint16_t type, uint16_t flags, int ifindex,
	      std::string_view kind)
{
	tcmsg header = tc_header(ifindex, TC_H_CLSACT);
	header.tcm_handle = clsact_handle;
	NetlinkRequest request(type, flags | NLM_F_ACK, bytes_of(header));
	request.put_text(TCA_KIND, kind);
	return rtnetlink.ask(request);
}

Napi::Value change_qdisc(const Napi::CallbackInfo &info, uint16_t type, uint16_t flags)
{
	Napi::Env env = info.Env();
	int ifindex = info[0].As<Napi::Number>().Int32Value();
	std::string netns = info[1].As<Napi::String>();
	std::string log;
	int error = with_rtnetlink(netns, log, [&](RtNetlink &rtnetlink) {
		return ask_qdisc(rtnetlink, type, flags, ifindex, "clsact");
	});
	return error ? failure(env, error, log).As<Napi::Value>() : env.Null();
}

Napi::Value clsact_create(const Napi::CallbackInfo &info)
{
	return change_qdisc(info, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL);
}

Napi::Value clsact_delete(const Napi::CallbackInfo &info)
{
	return change_qdisc(info, RTM_DELQDISC, 0);
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

int has_qdisc(RtNetlink &rtnetlink, int ifindex, std::string_view kind)
{
	int error = ask_qdisc(rtnetlink, RTM_GETQDISC, 0, ifindex, kind);
	// The kernel's words for no qdisc, and for one of another kind or none any more.
	if (error == -ENOENT || error == -EINVAL)
		return 0;
	return error ? error : 1;
}

void export_clsact(Exports &exports)
{
	exports.cold<clsact_create>("clsactCreate");
	exports.cold<clsact_delete>("clsactDelete");
	exports.cold<clsact_exists>("clsactExists");
}

} // namespace millrace
