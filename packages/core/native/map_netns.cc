// SPDX-License-Identifier: Apache-2.0
// Entries that the kernel looks up in the network namespace of whoever writes them: interfaces.
#include <bpf/bpf.h>
#include <cerrno>

#include "netns.h"
#include "values.h"

namespace millrace
{

namespace
{

/** (map, key, value, flags, netns) */
Napi::Value map_update_in_netns(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Slot *slot = slot_argument(info, 0, Kind::map);
	if (!slot)
		return Napi::Number::New(env, -EBADF);
	Napi::Uint8Array key = bytes_argument(info[1]);
	Napi::Uint8Array value = bytes_argument(info[2]);
	uint32_t flags = info[3].As<Napi::Number>();
	const MapShape &map = slot->map;
	if (map.key_size == 0 || key.ByteLength() < map.key_size ||
	    value.ByteLength() < map.value_bytes)
		return Napi::Number::New(env, -EINVAL);
	int map_fd = slot->fd.get();
	const void *key_bytes = key.Data();
	const void *value_bytes = value.Data();
	int result = in_netns(info[4].As<Napi::String>(), [=] {
		return bpf_map_update_elem(map_fd, key_bytes, value_bytes, flags);
	});
	return Napi::Number::New(env, result);
}

} // namespace

void export_entries_in_netns(Exports &exports)
{
	exports.cold<map_update_in_netns>("mapUpdateInNetns");
}

} // namespace millrace
