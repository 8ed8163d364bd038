// SPDX-License-Identifier: Apache-2.0
// What maps, programs and links have in common: descriptors, pins and ids.
#include <bpf/bpf.h>
#include <cerrno>

#include "hot_call.h"
#include "log.h"
#include "values.h"

namespace millrace
{

namespace
{

struct NamedKind {
	const char *name;
	Kind kind;
	/** How the kernel names the file behind such a descriptor. */
	const char *file;
	int (*open)(uint32_t id);
	int (*next)(uint32_t start, uint32_t *next);
};

constexpr NamedKind kinds[] = {
	{"map", Kind::map, "anon_inode:bpf-map", bpf_map_get_fd_by_id, bpf_map_get_next_id},
	{"program", Kind::program, "anon_inode:bpf-prog", bpf_prog_get_fd_by_id,
	 bpf_prog_get_next_id},
	{"link", Kind::link, "anon_inode:bpf_link", bpf_link_get_fd_by_id, bpf_link_get_next_id},
	{"btf", Kind::none, "anon_inode:btf", bpf_btf_get_fd_by_id, bpf_btf_get_next_id},
};

const NamedKind &kind_argument(const Napi::Value &value)
{
	std::string name = value.As<Napi::String>();
	for (const NamedKind &kind : kinds)
		if (name == kind.name)
			return kind;
	throw Napi::TypeError::New(value.Env(), "expected 'map', 'program', 'link' or 'btf'");
}

/** A kind that can have handles. */
const NamedKind &handle_kind_argument(const Napi::Value &value)
{
	const NamedKind &kind = kind_argument(value);
	if (kind.kind == Kind::none)
		throw Napi::TypeError::New(value.Env(), "expected 'map', 'program' or 'link'");
	return kind;
}

/** What a descriptor stands for; nullptr when it is none of ours, or /proc is missing. */
const NamedKind *kind_of(int fd)
{
	char target[64] = {};
	std::string path = "/proc/self/fd/" + std::to_string(fd);
	if (readlink(path.c_str(), target, sizeof(target) - 1) < 0)
		return nullptr;
	std::string_view file = target;
	// A link's first descriptor and those that are opened later have names of their own.
	if (file == "anon_inode:bpf-link")
		file = "anon_inode:bpf_link";
	for (const NamedKind &kind : kinds)
		if (file == kind.file)
			return &kind;
	return nullptr;
}

/** A handle on an open descriptor, or the failure. */
Napi::Value add(const Napi::CallbackInfo &info, Kind kind, UniqueFd fd)
{
	HandleTable &handles = Addon::of(info).handles;
	if (kind != Kind::map)
		return handle_or_failure(info.Env(), handles.add(kind, std::move(fd)));
	MapShape shape;
	int error = shape.read(fd.get());
	if (error)
		return failure(info.Env(), error);
	return handle_or_failure(info.Env(), handles.add_map(std::move(fd), shape));
}

Napi::Value pin_open(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	std::string path = info[0].As<Napi::String>();
	LIBBPF_OPTS(bpf_obj_get_opts, options,
		    .file_flags = info[1].As<Napi::Number>().Uint32Value());
	UniqueFd fd(bpf_obj_get_opts(path.c_str(), &options));
	if (!fd.valid())
		return failure(env, errno);
	const NamedKind *kind = kind_of(fd.get());
	if (!kind || kind->kind == Kind::none)
		return failure(env, EINVAL);
	Napi::Value handle = add(info, kind->kind, std::move(fd));
	if (!handle.IsNumber())
		return handle;
	Napi::Object result = Napi::Object::New(env);
	result.Set("kind", kind->name);
	result.Set("handle", handle);
	return result;
}

/** What may be handed out: whoever had the descriptor of a lock could give the lock up. */
Slot *shareable_argument(const Napi::CallbackInfo &info, size_t index)
{
	Slot *slot = slot_argument(info, index);
	return slot && slot->kind != Kind::lock ? slot : nullptr;
}

Napi::Value pin(const Napi::CallbackInfo &info)
{
	std::string path = info[1].As<Napi::String>();
	Slot *slot = shareable_argument(info, 0);
	return Napi::Number::New(info.Env(),
				 slot ? bpf_obj_pin(slot->fd.get(), path.c_str()) : -EBADF);
}

Napi::Value open_by_id(const Napi::CallbackInfo &info)
{
	const NamedKind &kind = handle_kind_argument(info[0]);
	UniqueFd fd(kind.open(info[1].As<Napi::Number>().Uint32Value()));
	return fd.valid() ? add(info, kind.kind, std::move(fd)) : failure(info.Env(), errno);
}

Napi::Value next_id(const Napi::CallbackInfo &info)
{
	uint32_t next = 0;
	int error = kind_argument(info[0]).next(info[1].As<Napi::Number>().Uint32Value(), &next);
	return Napi::Number::New(info.Env(), error ? error : static_cast<double>(next));
}

Napi::Value adopt(const Napi::CallbackInfo &info)
{
	const NamedKind &kind = handle_kind_argument(info[0]);
	UniqueFd fd = UniqueFd::duplicate(info[1].As<Napi::Number>().Int32Value());
	if (!fd.valid())
		return failure(info.Env(), errno);
	if (kind_of(fd.get()) != &kind)
		return failure(info.Env(), EINVAL);
	return add(info, kind.kind, std::move(fd));
}

Napi::Value descriptor(const Napi::CallbackInfo &info)
{
	Slot *slot = shareable_argument(info, 0);
	return Napi::Number::New(info.Env(), slot ? slot->fd.get() : -EBADF);
}

napi_value close_handle(napi_env env, napi_callback_info info)
{
	HotCall<1> call(env, info);
	uint32_t handle = 0;
	return call.returns(call.number(0, handle) ? call.addon().handles.close(handle) : -EBADF);
}

} // namespace

void export_pins(Exports &exports)
{
	exports.cold<pin_open>("pinOpen");
	exports.cold<pin>("pin");
	exports.cold<open_by_id>("openById");
	exports.cold<next_id>("nextId");
	exports.cold<adopt>("adopt");
	exports.cold<descriptor>("descriptor");
	exports.hot("close", close_handle);
}

} // namespace millrace
