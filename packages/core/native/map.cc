// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <cerrno>
#include <memory>

#include "fdinfo.h"
#include "layout_value.h"
#include "log.h"
#include "storage_types.h"
#include "user_namespace.h"
#include "values.h"

namespace millrace
{

namespace
{

Napi::Value map_create(const Napi::CallbackInfo &info)
{
	LogCapture log;
	auto number = [&](size_t index) { return info[index].As<Napi::Number>().Uint32Value(); };
	std::string name = info[1].As<Napi::String>();
	bool has_inner = !info[7].IsUndefined();
	const Slot *inner = has_inner ? slot_argument(info, 7, Kind::map) : nullptr;
	if (has_inner && !inner)
		return failure(info.Env(), EBADF);
	LIBBPF_OPTS(bpf_map_create_opts, options,
		    .inner_map_fd = inner ? static_cast<uint32_t>(inner->fd.get()) : 0,
		    .map_flags = number(5),
		    .map_extra = static_cast<uint64_t>(
			    info[6].IsUndefined() ? 0 : info[6].ToNumber().Int64Value()));
	UniqueFd token = delegated_token();
	if (token.valid()) {
		options.map_flags |= BPF_F_TOKEN_FD;
		options.token_fd = token.get();
	}
	StorageTypes types;
	if (StorageTypes::are_needed(number(0))) {
		if (int refused = types.load(number(3)))
			return failure(info.Env(), refused, log.take());
		types.set(options);
	}
	UniqueFd fd(bpf_map_create(static_cast<bpf_map_type>(number(0)), name.c_str(), number(2),
				   number(3), number(4), &options));
	if (!fd.valid())
		return failure(info.Env(), errno, log.take());
	MapShape shape;
	int error = shape.read(fd.get());
	if (error)
		return failure(info.Env(), error, log.take());
	return handle_or_failure(info.Env(), Addon::of(info).handles.add_map(std::move(fd), shape));
}

/** What the kernel says of the map that an argument names; 0 or a negative errno. */
int read_info(const Slot *slot, bpf_map_info &map)
{
	uint32_t length = sizeof(map);
	return slot ? bpf_map_get_info_by_fd(slot->fd.get(), &map, &length) : -EBADF;
}

Napi::Value map_info(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	const Slot *slot = slot_argument(info, 0, Kind::map);
	bpf_map_info map = {};
	if (int error = read_info(slot, map))
		return failure(env, error);
	FdInfo extra(slot->fd.get());
	Napi::Object result = Napi::Object::New(env);
	result.Set("id", map.id);
	result.Set("type", map.type);
	result.Set("name", fixed_string(map.name));
	result.Set("keySize", map.key_size);
	result.Set("valueSize", map.value_size);
	result.Set("maxEntries", map.max_entries);
	result.Set("flags", map.map_flags);
	result.Set("mapExtra", Napi::BigInt::New(env, static_cast<uint64_t>(map.map_extra)));
	result.Set("ifindex", map.ifindex);
	result.Set("btfId", map.btf_id);
	result.Set("btfKeyTypeId", map.btf_key_type_id);
	result.Set("btfValueTypeId", map.btf_value_type_id);
	result.Set("memlock", extra.number("memlock", -1));
	result.Set("frozen", Napi::Boolean::New(env, extra.number("frozen", 0) != 0));
	return result;
}

Napi::Value map_layout(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	bpf_map_info map = {};
	if (int error = read_info(slot_argument(info, 0, Kind::map), map))
		return failure(env, error);
	std::unique_ptr<btf, decltype(&btf__free)> types(
		map.btf_id ? btf__load_from_kernel_by_id(map.btf_id) : nullptr, btf__free);
	if (map.btf_id && !types)
		return failure(env, errno);
	Napi::Object result = Napi::Object::New(env);
	result.Set("key", type_layout(env, types.get(), map.btf_key_type_id));
	result.Set("value", type_layout(env, types.get(), map.btf_value_type_id));
	return result;
}

Napi::Value map_freeze(const Napi::CallbackInfo &info)
{
	Slot *slot = slot_argument(info, 0, Kind::map);
	return Napi::Number::New(info.Env(), slot ? bpf_map_freeze(slot->fd.get()) : -EBADF);
}

} // namespace

void export_maps(Exports &exports)
{
	exports.cold<map_create>("mapCreate");
	exports.cold<map_info>("mapInfo");
	exports.cold<map_layout>("mapLayout");
	exports.cold<map_freeze>("mapFreeze");
}

} // namespace millrace
