// SPDX-License-Identifier: Apache-2.0
// One entry of a map a call, in buffers of the caller's.
#include <bpf/bpf.h>
#include <cerrno>

#include "hot_call.h"

namespace millrace
{

namespace
{

/** The key that a map of this shape needs: null for queues, stacks and bloom filters, which have
 * none. */
template <size_t count>
bool key_argument(const HotCall<count> &call, size_t index, const MapShape &map, const void *&key)
{
	Bytes bytes;
	if (!call.bytes(index, bytes)) {
		key = nullptr;
		return map.key_size == 0 && call.is_null(index);
	}
	key = bytes.data;
	return bytes.length >= map.key_size && map.key_size > 0;
}

template <size_t count>
bool value_argument(const HotCall<count> &call, size_t index, const MapShape &map, void *&value)
{
	Bytes bytes;
	if (!call.bytes(index, bytes) || bytes.length < map.value_bytes)
		return false;
	value = bytes.data;
	return true;
}

/** (map, key, value, flags): the form of three of the calls. */
template <typename Operation>
napi_value entry_call(napi_env env, napi_callback_info info, Operation operation)
{
	HotCall<4> call(env, info);
	Slot *slot = call.slot(0, Kind::map);
	if (!slot)
		return call.returns(-EBADF);
	const void *key = nullptr;
	void *value = nullptr;
	uint64_t flags = 0;
	if (!key_argument(call, 1, slot->map, key) || !value_argument(call, 2, slot->map, value) ||
	    !call.flags(3, flags))
		return call.returns(-EINVAL);
	return call.returns(operation(slot->fd.get(), key, value, flags));
}

napi_value map_lookup(napi_env env, napi_callback_info info)
{
	return entry_call(env, info, bpf_map_lookup_elem_flags);
}

napi_value map_update(napi_env env, napi_callback_info info)
{
	return entry_call(env, info, bpf_map_update_elem);
}

napi_value map_lookup_and_delete(napi_env env, napi_callback_info info)
{
	return entry_call(env, info, bpf_map_lookup_and_delete_elem_flags);
}

napi_value map_delete(napi_env env, napi_callback_info info)
{
	HotCall<2> call(env, info);
	Slot *slot = call.slot(0, Kind::map);
	if (!slot)
		return call.returns(-EBADF);
	const void *key = nullptr;
	if (!key_argument(call, 1, slot->map, key))
		return call.returns(-EINVAL);
	return call.returns(bpf_map_delete_elem(slot->fd.get(), key));
}

napi_value map_next_key(napi_env env, napi_callback_info info)
{
	HotCall<3> call(env, info);
	Slot *slot = call.slot(0, Kind::map);
	if (!slot)
		return call.returns(-EBADF);
	Bytes key, next;
	bool from_start = call.is_null(1);
	if ((!from_start && (!call.bytes(1, key) || key.length < slot->map.key_size)) ||
	    !call.bytes(2, next) || next.length < slot->map.key_size)
		return call.returns(-EINVAL);
	return call.returns(
		bpf_map_get_next_key(slot->fd.get(), from_start ? nullptr : key.data, next.data));
}

} // namespace

void export_entries(Exports &exports)
{
	exports.hot("mapLookup", map_lookup);
	exports.hot("mapUpdate", map_update);
	exports.hot("mapDelete", map_delete);
	exports.hot("mapLookupAndDelete", map_lookup_and_delete);
	exports.hot("mapNextKey", map_next_key);
}

} // namespace millrace
