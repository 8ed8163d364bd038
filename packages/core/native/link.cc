// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <cerrno>

#include "values.h"

namespace millrace
{

namespace
{

/** The attach type, where this type of link tells it; else -1. */
int attach_type(const bpf_link_info &link)
{
	switch (link.type) {
	case BPF_LINK_TYPE_TRACING:
		return link.tracing.attach_type;
	case BPF_LINK_TYPE_CGROUP:
		return link.cgroup.attach_type;
	case BPF_LINK_TYPE_NETNS:
		return link.netns.attach_type;
	case BPF_LINK_TYPE_TCX:
		return link.tcx.attach_type;
	case BPF_LINK_TYPE_NETKIT:
		return link.netkit.attach_type;
	case BPF_LINK_TYPE_SOCKMAP:
		return link.sockmap.attach_type;
	default:
		return -1;
	}
}

uint32_t ifindex(const bpf_link_info &link)
{
	switch (link.type) {
	case BPF_LINK_TYPE_XDP:
		return link.xdp.ifindex;
	case BPF_LINK_TYPE_TCX:
		return link.tcx.ifindex;
	case BPF_LINK_TYPE_NETKIT:
		return link.netkit.ifindex;
	default:
		return 0;
	}
}

/** What the program is attached to, where that is no interface. */
void set_target(Napi::Env env, Napi::Object &result, const bpf_link_info &link)
{
	bool is_cgroup = link.type == BPF_LINK_TYPE_CGROUP;
	bool is_netns = link.type == BPF_LINK_TYPE_NETNS;
	bool is_sockmap = link.type == BPF_LINK_TYPE_SOCKMAP;
	bool is_tracing = link.type == BPF_LINK_TYPE_TRACING;
	result.Set("cgroupId",
		   Napi::BigInt::New(env, uint64_t{is_cgroup ? link.cgroup.cgroup_id : 0}));
	result.Set("netnsInode", is_netns ? link.netns.netns_ino : 0);
	result.Set("mapId", is_sockmap ? link.sockmap.map_id : 0);
	result.Set("targetId", is_tracing ? link.tracing.target_obj_id : 0);
	result.Set("targetBtfId", is_tracing ? link.tracing.target_btf_id : 0);
}

Napi::Value link_info(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Slot *slot = slot_argument(info, 0, Kind::link);
	if (!slot)
		return failure(env, EBADF);
	bpf_link_info link = {};
	uint32_t length = sizeof(link);
	int error = bpf_link_get_info_by_fd(slot->fd.get(), &link, &length);
	if (error)
		return failure(env, error);
	Napi::Object result = Napi::Object::New(env);
	result.Set("id", link.id);
	result.Set("type", link.type);
	result.Set("programId", link.prog_id);
	result.Set("ifindex", ifindex(link));
	result.Set("attachType", attach_type(link));
	set_target(env, result, link);
	return result;
}

Napi::Value link_update(const Napi::CallbackInfo &info)
{
	auto result = [&](int value) { return Napi::Number::New(info.Env(), value); };
	Slot *link = slot_argument(info, 0, Kind::link);
	Slot *program = slot_argument(info, 1, Kind::program);
	bool any = info[2].As<Napi::Number>().Uint32Value() == 0;
	Slot *expected = any ? nullptr : slot_argument(info, 2, Kind::program);
	if (!link || !program || (!any && !expected))
		return result(-EBADF);
	LIBBPF_OPTS(bpf_link_update_opts, options);
	if (expected) {
		options.flags = BPF_F_REPLACE;
		options.old_prog_fd = expected->fd.get();
	}
	return result(bpf_link_update(link->fd.get(), program->fd.get(), &options));
}

Napi::Value link_detach(const Napi::CallbackInfo &info)
{
	Slot *slot = slot_argument(info, 0, Kind::link);
	return Napi::Number::New(info.Env(), slot ? bpf_link_detach(slot->fd.get()) : -EBADF);
}

} // namespace

void export_links(Exports &exports)
{
	exports.cold<link_info>("linkInfo");
	exports.cold<link_update>("linkUpdate");
	exports.cold<link_detach>("linkDetach");
}

} // namespace millrace
