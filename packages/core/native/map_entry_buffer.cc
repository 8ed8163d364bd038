// SPDX-License-Identifier: Apache-2.0
// One entry of a map a call, through a buffer that belongs to the map: the hottest functions of the
// addon.
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>

#include "bpf_call.h"
#include "hot_call.h"
#include "values.h"

namespace millrace
{

namespace
{

/** A key, and from the next multiple of 8 on a value: as long as the kernel says that they are. */
class EntryBuffer : public Resource
{
public:
	explicit EntryBuffer(const MapShape &map)
		: value_at_((size_t{map.key_size} + 7) / 8 * 8),
		  length_(value_at_ + map.value_bytes), bytes_(new uint8_t[length_]())
	{
	}

	uint64_t key() const
	{
		return reinterpret_cast<uint64_t>(bytes_.get());
	}
	uint64_t value() const
	{
		return key() + value_at_;
	}

	/** Either may outlive the other, the map or the ArrayBuffer: the bytes go with the last. */
	Napi::Value array_buffer(Napi::Env env) const
	{
		using Shared = std::shared_ptr<uint8_t[]>;
		return Napi::ArrayBuffer::New(
			env, bytes_.get(), length_,
			[](Napi::Env, void *, Shared *bytes) { delete bytes; }, new Shared(bytes_));
	}

private:
	size_t value_at_;
	size_t length_;
	std::shared_ptr<uint8_t[]> bytes_;
};

Napi::Value entry_buffer(const Napi::CallbackInfo &info)
{
	Slot *slot = slot_argument(info, 0, Kind::map);
	if (!slot)
		return failure(info.Env(), EBADF);
	if (!slot->resource)
		slot->resource = std::make_unique<EntryBuffer>(slot->map);
	return static_cast<EntryBuffer *>(slot->resource.get())->array_buffer(info.Env());
}

/** (map): `command` on the entry in the buffer; `flags` is fixed, as every argument costs time. */
template <bpf_cmd command, uint64_t flags = BPF_ANY>
napi_value entry_call(napi_env env, napi_callback_info info)
{
	HotCall<1> call(env, info);
	Slot *slot = call.slot(0, Kind::map);
	if (!slot)
		return call.returns(-EBADF);
	if (!slot->resource)
		return call.returns(-EINVAL);
	auto *entry = static_cast<EntryBuffer *>(slot->resource.get());
	constexpr size_t size = offsetof(bpf_attr, flags) + sizeof(bpf_attr::flags);
	bpf_attr attributes;
	memset(&attributes, 0, size);
	attributes.map_fd = slot->fd.get();
	attributes.key = entry->key();
	attributes.value = command == BPF_MAP_DELETE_ELEM ? 0 : entry->value();
	attributes.flags = flags;
	return call.returns(bpf_call(command, attributes, size));
}

} // namespace

void export_entry_buffers(Exports &exports)
{
	exports.cold<entry_buffer>("entryBuffer");
	exports.hot("entryLookup", entry_call<BPF_MAP_LOOKUP_ELEM>);
	exports.hot("entryUpdate", entry_call<BPF_MAP_UPDATE_ELEM>);
	exports.hot("entryCreate", entry_call<BPF_MAP_UPDATE_ELEM, BPF_NOEXIST>);
	exports.hot("entryReplace", entry_call<BPF_MAP_UPDATE_ELEM, BPF_EXIST>);
	exports.hot("entryDelete", entry_call<BPF_MAP_DELETE_ELEM>);
	exports.hot("entryLookupAndDelete", entry_call<BPF_MAP_LOOKUP_AND_DELETE_ELEM>);
}

} // namespace millrace
