// SPDX-License-Identifier: Apache-2.0
#include "hook_target.h"

#include <bpf/btf.h>
#include <cerrno>
#include <fcntl.h>
#include <memory>

#include "log.h"
#include "values.h"

namespace millrace
{

namespace
{

/** Whether the kernel takes the target's number for the index of an interface. */
bool takes_interface(bpf_attach_type type)
{
	switch (type) {
	case BPF_XDP:
	case BPF_TCX_INGRESS:
	case BPF_TCX_EGRESS:
	case BPF_NETKIT_PRIMARY:
	case BPF_NETKIT_PEER:
		return true;
	default:
		return false;
	}
}

struct BtfCloser {
	void operator()(btf *types) const
	{
		btf__free(types);
	}
};

} // namespace

HookTarget::HookTarget(const Napi::Value &value)
{
	if (!value.IsObject())
		throw Napi::TypeError::New(value.Env(), "expected a target");
	Napi::Object target = value.As<Napi::Object>();
	Napi::Value ifindex = target.Get("ifindex");
	Napi::Value path = target.Get("path");
	Napi::Value map = target.Get("map");
	Napi::Value program = target.Get("program");
	if (ifindex.IsNumber()) {
		form_ = Form::interface;
		ifindex_ = ifindex.As<Napi::Number>().Int32Value();
		netns_ = string_property(target, "netns", "");
	} else if (path.IsString()) {
		form_ = Form::path;
		path_ = path.As<Napi::String>();
	} else if (map.IsNumber()) {
		form_ = Form::map;
		handle_ = map.As<Napi::Number>().Uint32Value();
	} else if (program.IsNumber()) {
		form_ = Form::function;
		handle_ = program.As<Napi::Number>().Uint32Value();
		function_ = target.Get("function").As<Napi::String>().Utf8Value();
	} else {
		throw Napi::TypeError::New(value.Env(),
					   "expected an interface, a path, a map or a program");
	}
}

int HookTarget::find(Addon &addon, bpf_attach_type type, Place &place) const
{
	if (takes_interface(type) != (form_ == Form::interface))
		return -EINVAL;
	if (form_ == Form::interface) {
		place.target = ifindex_;
		return ifindex_ > 0 ? 0 : -EINVAL;
	}
	if (form_ == Form::path) {
		// Whatever is at the path: opening it must not wait, nor make a terminal ours.
		place.opened =
			UniqueFd(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
		place.target = place.opened.get();
		return place.opened.valid() ? 0 : -errno;
	}
	Slot *slot = addon.handles.find(handle_, form_ == Form::map ? Kind::map : Kind::program);
	if (!slot)
		return -EBADF;
	place.target = slot->fd.get();
	if (form_ == Form::map)
		return 0;
	int id = function_btf_id(place.target, function_);
	if (id < 0)
		return id;
	place.btf_id = id;
	return 0;
}

int function_btf_id(int program, const std::string &name)
{
	bpf_prog_info info = {};
	uint32_t length = sizeof(info);
	if (int error = bpf_prog_get_info_by_fd(program, &info, &length))
		return error;
	if (!info.btf_id)
		return -EOPNOTSUPP;
	LogCapture log;
	std::unique_ptr<btf, BtfCloser> types(btf__load_from_kernel_by_id(info.btf_id));
	if (!types)
		return -errno;
	// Type 0, which no function is, is void.
	int id = btf__find_by_name_kind(types.get(), name.c_str(), BTF_KIND_FUNC);
	return id ? id : -ENOENT;
}

} // namespace millrace
