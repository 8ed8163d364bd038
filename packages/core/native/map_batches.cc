// SPDX-License-Identifier: Apache-2.0
// Many entries of a map a call.
#include <algorithm>
#include <bpf/bpf.h>
#include <cerrno>

#include "hot_call.h"

namespace millrace
{

namespace
{

/** Room for `count` keys or values of `size` bytes. 64 bits: the product of two 32-bit numbers
 * cannot overflow. */
bool holds(const Bytes &bytes, uint32_t count, uint64_t size)
{
	return size == 0 || bytes.length / size >= count;
}

/** (map, first, token, keys, values, count, flags) */
template <typename Operation>
napi_value lookup_call(napi_env env, napi_callback_info info, Operation operation)
{
	HotCall<7> call(env, info);
	Slot *slot = call.slot(0, Kind::map);
	if (!slot)
		return call.returns(-EBADF);
	const MapShape &map = slot->map;
	bool first = false;
	Bytes token, keys, values;
	uint32_t *count = nullptr;
	size_t length = 0;
	uint64_t flags = 0;
	// The token is a bucket number for hash tables and a key for the other kinds.
	if (!call.boolean(1, first) || !call.bytes(2, token) ||
	    token.length < std::max(map.key_size, 4u) || !call.bytes(3, keys) ||
	    !call.bytes(4, values) || !call.words(5, 1, count, length) || !call.flags(6, flags) ||
	    !holds(keys, *count, map.key_size) || !holds(values, *count, map.value_bytes))
		return call.returns(-EINVAL);
	LIBBPF_OPTS(bpf_map_batch_opts, options, .elem_flags = flags);
	return call.returns(operation(slot->fd.get(), first ? nullptr : token.data, token.data,
				      keys.data, values.data, count, &options));
}

napi_value map_lookup_batch(napi_env env, napi_callback_info info)
{
	return lookup_call(env, info, bpf_map_lookup_batch);
}

napi_value map_lookup_and_delete_batch(napi_env env, napi_callback_info info)
{
	return lookup_call(env, info, bpf_map_lookup_and_delete_batch);
}

napi_value map_update_batch(napi_env env, napi_callback_info info)
{
	HotCall<5> call(env, info);
	Slot *slot = call.slot(0, Kind::map);
	if (!slot)
		return call.returns(-EBADF);
	Bytes keys, values;
	uint32_t *count = nullptr;
	size_t length = 0;
	uint64_t flags = 0;
	if (!call.bytes(1, keys) || !call.bytes(2, values) || !call.words(3, 1, count, length) ||
	    !call.flags(4, flags) || !holds(keys, *count, slot->map.key_size) ||
	    !holds(values, *count, slot->map.value_bytes))
		return call.returns(-EINVAL);
	LIBBPF_OPTS(bpf_map_batch_opts, options, .elem_flags = flags);
	return call.returns(
		bpf_map_update_batch(slot->fd.get(), keys.data, values.data, count, &options));
}

napi_value map_delete_batch(napi_env env, napi_callback_info info)
{
	HotCall<4> call(env, info);
	Slot *slot = call.slot(0, Kind::map);
	if (!slot)
		return call.returns(-EBADF);
	Bytes keys;
	uint32_t *count = nullptr;
	size_t length = 0;
	uint64_t flags = 0;
	if (!call.bytes(1, keys) || !call.words(2, 1, count, length) || !call.flags(3, flags) ||
	    !holds(keys, *count, slot->map.key_size))
		return call.returns(-EINVAL);
	LIBBPF_OPTS(bpf_map_batch_opts, options, .elem_flags = flags);
	return call.returns(bpf_map_delete_batch(slot->fd.get(), keys.data, count, &options));
}

} // namespace

void export_batches(Exports &exports)
{
	exports.hot("mapLookupBatch", map_lookup_batch);
	exports.hot("mapLookupAndDeleteBatch", map_lookup_and_delete_batch);
	exports.hot("mapUpdateBatch", map_update_batch);
	exports.hot("mapDeleteBatch", map_delete_batch);
}

} // namespace millrace
