// SPDX-License-Identifier: Apache-2.0
#include "filters.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <optional>

#include "clsact.h"
#include "values.h"

namespace millrace
{

namespace
{

/** The kernel takes one more; this is what the interface promises. */
constexpr size_t longest_name = 255;

bool is_direction(uint32_t parent)
{
	return parent == clsact_ingress || parent == clsact_egress;
}

/** Zero has a meaning for the kernel that nobody wants here: any, or all. */
bool is_place(uint32_t priority, uint32_t handle)
{
	return priority > 0 && priority <= UINT16_MAX && handle > 0;
}

NetlinkRequest bpf_request(uint16_t type, uint16_t flags, int ifindex, uint32_t parent,
			   uint32_t priority, uint32_t handle)
{
	tcmsg header = tc_header(ifindex, parent);
	header.tcm_handle = handle;
	header.tcm_info = TC_H_MAKE(priority << 16, htons(ETH_P_ALL));
	NetlinkRequest request(type, flags | NLM_F_ACK, bytes_of(header));
	request.put_text(TCA_KIND, "bpf");
	return request;
}

/** Null, or a failure. */
Napi::Value answer(Napi::Env env, const std::string &netns, NetlinkRequest &request)
{
	std::string log;
	int error = with_rtnetlink(netns, log,
				   [&](RtNetlink &rtnetlink) { return rtnetlink.ask(request); });
	return error ? failure(env, error, log).As<Napi::Value>() : env.Null();
}

Napi::Object describe(Napi::Env env, const Filter &filter)
{
	Napi::Object object = Napi::Object::New(env);
	object.Set("priority", filter.priority);
	object.Set("handle", filter.handle);
	object.Set("protocol", filter.protocol);
	object.Set("chain", filter.chain);
	object.Set("kind", filter.kind);
	object.Set("name", filter.name);
	object.Set("programId", filter.program_id);
	object.Set("directAction", filter.direct_action);
	return object;
}

Napi::Value filter_list(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int ifindex = info[0].As<Napi::Number>().Int32Value();
	uint32_t parent = info[1].As<Napi::Number>().Uint32Value();
	std::string netns = info[2].As<Napi::String>();
	if (!is_direction(parent))
		return failure(env, EINVAL);
	std::vector<Filter> filters;
	std::string log;
	int error = with_rtnetlink(netns, log, [&](RtNetlink &rtnetlink) {
		return list_filters(rtnetlink, ifindex, parent, filters);
	});
	if (error)
		return failure(env, error, log);
	Napi::Array list = Napi::Array::New(env, filters.size());
	for (uint32_t index = 0; index < filters.size(); index++)
		list.Set(index, describe(env, filters[index]));
	return list;
}

/** What `filterSet` and `filterSetWithQdisc` are told; nothing, and an errno, where that cannot be.
 */
std::optional<NetlinkRequest> set_request(const Napi::CallbackInfo &info, int &error)
{
	Slot *program = slot_argument(info, 0, Kind::program);
	int ifindex = info[1].As<Napi::Number>().Int32Value();
	uint32_t parent = info[2].As<Napi::Number>().Uint32Value();
	auto filter = info[3].As<Napi::Object>();
	uint32_t priority = filter.Get("priority").As<Napi::Number>();
	uint32_t handle = filter.Get("handle").As<Napi::Number>();
	std::string name = filter.Get("name").As<Napi::String>();
	bool replace = filter.Get("replace").As<Napi::Boolean>();
	if (!program) {
		error = EBADF;
		return {};
	}
	bool named = name.size() <= longest_name && name.find('\0') == std::string::npos;
	if (!is_direction(parent) || !is_place(priority, handle) || !named) {
		error = EINVAL;
		return {};
	}

	// Without NLM_F_CREATE the filter has to be there, and is exchanged in its place.
	uint16_t flags = replace ? NLM_F_REPLACE : NLM_F_CREATE | NLM_F_EXCL;
	NetlinkRequest request =
		bpf_request(RTM_NEWTFILTER, flags, ifindex, parent, priority, handle);
	size_t options = request.open(TCA_OPTIONS);
	request.put_number(TCA_BPF_FD, program->fd.get());
	request.put_text(TCA_BPF_NAME, name);
	request.put_number(TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	request.close(options);
	return request;
}

Napi::Value filter_set(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	std::string netns = info[4].As<Napi::String>();
	int error = 0;
	auto request = set_request(info, error);
	return request ? answer(env, netns, *request) : failure(env, error);
}

Napi::Value null_or_failure(Napi::Env env, const RtNetlink::Answer &answer)
{
	return answer.error ? failure(env, answer.error, answer.log).As<Napi::Value>() : env.Null();
}

Napi::Value filter_set_with_qdisc(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int ifindex = info[1].As<Napi::Number>().Int32Value();
	std::string netns = info[4].As<Napi::String>();
	int error = 0;
	auto filter = set_request(info, error);
	if (!filter)
		return failure(env, error);
	std::array requests = {
		qdisc_request(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, ifindex),
		*filter,
	};
	std::vector<RtNetlink::Answer> answers;
	std::string log;
	error = with_rtnetlink(netns, log, [&](RtNetlink &rtnetlink) {
		// It would take the filter, for whichever direction, and run it on ingress.
		int taken = has_qdisc(rtnetlink, ifindex, "ingress");
		if (taken)
			return taken < 0 ? taken : -EBUSY;
		return rtnetlink.ask_together(requests, answers);
	});
	if (error)
		return failure(env, error, log);
	Napi::Object object = Napi::Object::New(env);
	object.Set("qdisc", null_or_failure(env, answers[0]));
	object.Set("filter", null_or_failure(env, answers[1]));
	return object;
}

Napi::Value filter_delete(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int ifindex = info[0].As<Napi::Number>().Int32Value();
	uint32_t parent = info[1].As<Napi::Number>().Uint32Value();
	uint32_t priority = info[2].As<Napi::Number>().Uint32Value();
	uint32_t handle = info[3].As<Napi::Number>().Uint32Value();
	std::string netns = info[4].As<Napi::String>();
	if (!is_direction(parent) || !is_place(priority, handle))
		return failure(env, EINVAL);
	NetlinkRequest request = bpf_request(RTM_DELTFILTER, 0, ifindex, parent, priority, handle);
	return answer(env, netns, request);
}

/** 0, or -ENOTEMPTY when anything else stands on the qdisc, in either direction. */
int only_filter(RtNetlink &rtnetlink, int ifindex, uint32_t parent, uint32_t priority,
		uint32_t handle, uint32_t program_id)
{
	for (uint32_t direction : {clsact_ingress, clsact_egress}) {
		std::vector<Filter> filters;
		int error = list_filters(rtnetlink, ifindex, direction, filters);
		if (error)
			return error;
		if (filters.size() != (direction == parent ? 1 : 0))
			return -ENOTEMPTY;
		for (const Filter &filter : filters) {
			if (filter.kind != "bpf" || filter.chain != 0 ||
			    filter.priority != priority || filter.handle != handle ||
			    filter.program_id != program_id)
				return -ENOTEMPTY;
		}
	}
	return 0;
}

Napi::Value filter_delete_with_qdisc(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int ifindex = info[0].As<Napi::Number>().Int32Value();
	uint32_t parent = info[1].As<Napi::Number>().Uint32Value();
	uint32_t priority = info[2].As<Napi::Number>().Uint32Value();
	uint32_t handle = info[3].As<Napi::Number>().Uint32Value();
	uint32_t program_id = info[4].As<Napi::Number>().Uint32Value();
	std::string netns = info[5].As<Napi::String>();
	if (!is_direction(parent) || !is_place(priority, handle))
		return failure(env, EINVAL);
	std::string log;
	int error = with_rtnetlink(netns, log, [&](RtNetlink &rtnetlink) {
		int others = only_filter(rtnetlink, ifindex, parent, priority, handle, program_id);
		if (others)
			return others;
		// The filter goes with it.
		NetlinkRequest request = qdisc_request(RTM_DELQDISC, 0, ifindex);
		return rtnetlink.ask(request);
	});
	return error ? failure(env, error, log).As<Napi::Value>() : env.Null();
}

} // namespace

void export_filters(Exports &exports)
{
	exports.cold<filter_list>("filterList");
	exports.cold<filter_set>("filterSet");
	exports.cold<filter_set_with_qdisc>("filterSetWithQdisc");
	exports.cold<filter_delete>("filterDelete");
	exports.cold<filter_delete_with_qdisc>("filterDeleteWithQdisc");
}

} // namespace millrace
