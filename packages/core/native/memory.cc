// SPDX-License-Identifier: Apache-2.0
// The memory of an array map that was made with BPF_F_MMAPABLE, read and written without system
// calls.
#include <bpf/bpf.h>
#include <cerrno>
#include <cstring>

#include "hot_call.h"
#include "mapping.h"
#include "values.h"

namespace millrace
{

namespace
{

template <typename Word>
void load(const uint8_t *shared, uint8_t *out)
{
	Word word = __atomic_load_n(reinterpret_cast<const Word *>(shared), __ATOMIC_ACQUIRE);
	memcpy(out, &word, sizeof(word));
}

template <typename Word>
void store(uint8_t *shared, const uint8_t *bytes)
{
	Word word;
	memcpy(&word, bytes, sizeof(word));
	__atomic_store_n(reinterpret_cast<Word *>(shared), word, __ATOMIC_RELEASE);
}

class Memory : public Resource
{
public:
	Memory(Mapping mapping, uint64_t length, bool writable)
		: mapping_(std::move(mapping)), length_(length), writable_(writable)
	{
	}

	int read(uint64_t offset, Bytes out) const
	{
		if (!inside(offset, out.length))
			return -EINVAL;
		const uint8_t *shared = mapping_.data() + offset;
		switch (atomic_width(offset, out.length)) {
		case 8:
			load<uint64_t>(shared, out.data);
			break;
		case 4:
			load<uint32_t>(shared, out.data);
			break;
		case 2:
			load<uint16_t>(shared, out.data);
			break;
		default:
			memcpy(out.data, shared, out.length);
		}
		return 0;
	}

	int write(uint64_t offset, Bytes bytes)
	{
		if (!writable_)
			return -EACCES;
		if (!inside(offset, bytes.length))
			return -EINVAL;
		uint8_t *shared = mapping_.data() + offset;
		switch (atomic_width(offset, bytes.length)) {
		case 8:
			store<uint64_t>(shared, bytes.data);
			break;
		case 4:
			store<uint32_t>(shared, bytes.data);
			break;
		case 2:
			store<uint16_t>(shared, bytes.data);
			break;
		default:
			memcpy(shared, bytes.data, bytes.length);
		}
		return 0;
	}

private:
	/** The length, where that many bytes at this offset move as one word; a single byte always
	 * does. */
	static size_t atomic_width(uint64_t offset, size_t length)
	{
		return length > 0 && offset % length == 0 ? length : 0;
	}
	bool inside(uint64_t offset, size_t length) const
	{
		return offset <= length_ && length <= length_ - offset;
	}

	Mapping mapping_;
	uint64_t length_;
	bool writable_;
};

Memory *memory_of(Slot *slot)
{
	return slot ? static_cast<Memory *>(slot->resource.get()) : nullptr;
}

Napi::Value memory_map(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	bool writable = info[1].ToBoolean();
	Slot *slot = slot_argument(info, 0, Kind::map);
	if (!slot)
		return failure(env, EBADF);
	const MapShape &map = slot->map;
	// Other kinds lay their memory out in their own ways.
	if (map.type != BPF_MAP_TYPE_ARRAY || !(map.flags & BPF_F_MMAPABLE))
		return failure(env, EOPNOTSUPP);
	uint64_t length = (map.value_bytes + 7) / 8 * 8 * map.max_entries;
	Mapping mapping = Mapping::of(slot->fd.get(), 0, length, writable);
	if (!mapping.valid())
		return failure(env, errno);
	auto memory = std::make_unique<Memory>(std::move(mapping), length, writable);
	return handle_or_failure(
		env, Addon::of(info).handles.add(Kind::memory, UniqueFd(), std::move(memory)));
}

template <typename Operation>
napi_value memory_call(napi_env env, napi_callback_info info, Operation operation)
{
	HotCall<3> call(env, info);
	Memory *memory = memory_of(call.slot(0, Kind::memory));
	if (!memory)
		return call.returns(-EBADF);
	uint32_t offset = 0;
	Bytes bytes;
	if (!call.number(1, offset) || !call.bytes(2, bytes))
		return call.returns(-EINVAL);
	return call.returns(operation(*memory, offset, bytes));
}

napi_value memory_read(napi_env env, napi_callback_info info)
{
	return memory_call(env, info, [](Memory &memory, uint64_t offset, Bytes bytes) {
		return memory.read(offset, bytes);
	});
}

napi_value memory_write(napi_env env, napi_callback_info info)
{
	return memory_call(env, info, [](Memory &memory, uint64_t offset, Bytes bytes) {
		return memory.write(offset, bytes);
	});
}

} // namespace

void export_memory(Exports &exports)
{
	exports.cold<memory_map>("memoryMap");
	exports.hot("memoryRead", memory_read);
	exports.hot("memoryWrite", memory_write);
}

} // namespace millrace
