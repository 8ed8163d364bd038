// SPDX-License-Identifier: Apache-2.0
// The memory of an array map that was made with BPF_F_MMAPABLE, or of an arena, read and written
// without system calls.
#include <bpf/bpf.h>
#include <cerrno>
#include <cstring>
#include <memory>

#include "arena_address.h"
#include "hot_call.h"
#include "map_memory.h"
#include "values.h"

namespace millrace
{

namespace
{

/** Copies one word out of shared memory in one piece. */
struct Load {
	template <typename Word>
	static void word(uint8_t *shared, uint8_t *own)
	{
		Word word = __atomic_load_n(reinterpret_cast<Word *>(shared), __ATOMIC_ACQUIRE);
		memcpy(own, &word, sizeof(word));
	}
};

/** Copies one word into shared memory in one piece. */
struct Store {
	template <typename Word>
	static void word(uint8_t *shared, uint8_t *own)
	{
		Word word;
		memcpy(&word, own, sizeof(word));
		__atomic_store_n(reinterpret_cast<Word *>(shared), word, __ATOMIC_RELEASE);
	}
};

/** Word by word, each as wide as its address and what is left allow: no aligned 8 bytes tear. */
template <typename Move>
void move_words(uint8_t *shared, uint8_t *own, size_t length)
{
	while (length > 0) {
		auto address = reinterpret_cast<uintptr_t>(shared);
		size_t width = 1;
		if (address % 8 == 0 && length >= 8) {
			width = 8;
			Move::template word<uint64_t>(shared, own);
		} else if (address % 4 == 0 && length >= 4) {
			width = 4;
			Move::template word<uint32_t>(shared, own);
		} else if (address % 2 == 0 && length >= 2) {
			width = 2;
			Move::template word<uint16_t>(shared, own);
		} else {
			Move::template word<uint8_t>(shared, own);
		}
		shared += width;
		own += width;
		length -= width;
	}
}

class Memory : public Resource
{
public:
	explicit Memory(std::shared_ptr<const MapMemory> memory) : memory_(std::move(memory))
	{
	}

	int read(uint64_t offset, Bytes out) const
	{
		if (!memory_->covers(offset, out.length))
			return -EINVAL;
		move_words<Load>(memory_->data() + offset, out.data, out.length);
		return 0;
	}

	int write(uint64_t offset, Bytes bytes) const
	{
		if (!memory_->writable())
			return -EACCES;
		if (!memory_->covers(offset, bytes.length))
			return -EINVAL;
		move_words<Store>(memory_->data() + offset, bytes.data, bytes.length);
		return 0;
	}

	uint64_t length() const
	{
		return memory_->length();
	}

	uint64_t address() const
	{
		return reinterpret_cast<uint64_t>(memory_->data());
	}

	int populate(uint64_t offset, uint64_t length) const
	{
		return memory_->populate(offset, length);
	}

	/**
	 * The memory itself, which stays mapped until the garbage collector has taken the
	 * ArrayBuffer. A failure where the JavaScript engine knows no memory but its own.
	 */
	Napi::Value array_buffer(Napi::Env env) const
	{
		using Shared = std::shared_ptr<const MapMemory>;
		auto keep = std::make_unique<Shared>(memory_);
		auto release = [](napi_env, void *, void *kept) {
			delete static_cast<Shared *>(kept);
		};
		napi_value buffer = nullptr;
		napi_status status = napi_create_external_arraybuffer(
			env, memory_->data(), memory_->length(), release, keep.get(), &buffer);
		if (status != napi_ok)
			return failure(env, EOPNOTSUPP);
		keep.release(); // NOLINT(bugprone-unused-return-value): it is the ArrayBuffer's now
		return {env, buffer};
	}

private:
	std::shared_ptr<const MapMemory> memory_;
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
	std::shared_ptr<const MapMemory> memory;
	if (int error = MapMemory::of(slot->fd.get(), slot->map, writable, memory))
		return failure(env, error);
	return handle_or_failure(
		env, Addon::of(info).handles.add(Kind::memory, UniqueFd(),
						 std::make_unique<Memory>(std::move(memory))));
}

Napi::Value memory_buffer(const Napi::CallbackInfo &info)
{
	Memory *memory = memory_of(slot_argument(info, 0, Kind::memory));
	return memory ? memory->array_buffer(info.Env()) : failure(info.Env(), EBADF);
}

Napi::Value memory_length(const Napi::CallbackInfo &info)
{
	Memory *memory = memory_of(slot_argument(info, 0, Kind::memory));
	double length = memory ? static_cast<double>(memory->length()) : -EBADF;
	return Napi::Number::New(info.Env(), length);
}

/** Addresses fit into 53 bits. */
Napi::Value memory_address(const Napi::CallbackInfo &info)
{
	Memory *memory = memory_of(slot_argument(info, 0, Kind::memory));
	double address = memory ? static_cast<double>(memory->address()) : -EBADF;
	return Napi::Number::New(info.Env(), address);
}

Napi::Value arena_address(const Napi::CallbackInfo &info)
{
	int64_t length = info[0].ToNumber().Int64Value();
	uint64_t address = choose_arena_address(length < 0 ? 0 : length);
	double result = address ? static_cast<double>(address) : -errno;
	return Napi::Number::New(info.Env(), result);
}

napi_value memory_populate(napi_env env, napi_callback_info info)
{
	HotCall<3> call(env, info);
	Memory *memory = memory_of(call.slot(0, Kind::memory));
	if (!memory)
		return call.returns(-EBADF);
	uint64_t offset = 0;
	uint64_t length = 0;
	if (!call.flags(1, offset) || !call.flags(2, length))
		return call.returns(-EINVAL);
	return call.returns(memory->populate(offset, length));
}

template <typename Operation>
napi_value memory_call(napi_env env, napi_callback_info info, Operation operation)
{
	HotCall<3> call(env, info);
	Memory *memory = memory_of(call.slot(0, Kind::memory));
	if (!memory)
		return call.returns(-EBADF);
	uint64_t offset = 0;
	Bytes bytes;
	if (!call.flags(1, offset) || !call.bytes(2, bytes))
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
	exports.cold<memory_buffer>("memoryBuffer");
	exports.cold<memory_address>("memoryAddress");
	exports.cold<memory_length>("memoryLength");
	exports.cold<arena_address>("arenaAddress");
	exports.hot("memoryPopulate", memory_populate);
	exports.hot("memoryRead", memory_read);
	exports.hot("memoryWrite", memory_write);
}

} // namespace millrace
