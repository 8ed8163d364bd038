// SPDX-License-Identifier: Apache-2.0
// BPF_MAP_TYPE_RINGBUF from the reader's side (https://docs.kernel.org/bpf/ringbuf.html).
#include <algorithm>
#include <bpf/bpf.h>
#include <cerrno>
#include <cstring>

#include "event_ring.h"
#include "mapping.h"
#include "values.h"

namespace millrace
{

namespace
{

/**
 * A ring of `size_` bytes, mapped as the kernel lays it out: a page with the consumer's position,
 * which only a reader writes; a page with the producer's; then the data twice in a row, so that no
 * record is split at the end.
 */
class Ring : public EventRing
{
public:
	Ring(Mapping consumer, Mapping producer, uint32_t size, RingWatcher::Pointer watcher)
		: EventRing(std::move(watcher)), consumer_(std::move(consumer)),
		  producer_(std::move(producer)), size_(size)
	{
	}

	/** Bytes between the two positions, or -EBADMSG when another writer has spoilt them. */
	int64_t available() const override
	{
		uint64_t waiting = producer_position() - consumer_position();
		return waiting <= size_ && consumer_position() % 8 == 0
			       ? static_cast<int64_t>(waiting)
			       : -EBADMSG;
	}

	int drain(Bytes out, uint32_t *index, size_t capacity) override
	{
		uint64_t position = consumer_position();
		int64_t left = available();
		if (left < 0)
			return left;
		int result = copy(position, left, out, index, capacity);
		// Once for all of them: programs read this line of memory with each record that
		// they write. Who waits afterwards loses no wake-up, as polling the ring looks at
		// both positions.
		__atomic_store_n(reinterpret_cast<uint64_t *>(consumer_.data()), position,
				 __ATOMIC_RELEASE);
		return result;
	}

private:
	/** Moves `position` behind the records that were copied or passed over. */
	int copy(uint64_t &position, int64_t left, Bytes out, uint32_t *index,
		 size_t capacity) const
	{
		size_t records = 0;
		uint64_t used = 0;
		while (left > 0 && records < capacity) {
			const uint8_t *header = data() + (position & (size_ - 1));
			uint32_t word = __atomic_load_n(reinterpret_cast<const uint32_t *>(header),
							__ATOMIC_ACQUIRE);
			if (word & BPF_RINGBUF_BUSY_BIT)
				break;
			uint32_t length = word & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
			int64_t occupied = round_up(uint64_t{length} + BPF_RINGBUF_HDR_SZ);
			if (occupied > left)
				return -EBADMSG;
			if (!(word & BPF_RINGBUF_DISCARD_BIT)) {
				if (length > out.length - std::min<uint64_t>(used, out.length)) {
					if (records > 0)
						break;
					index[0] = length;
					return -EMSGSIZE;
				}
				memcpy(out.data + used, header + BPF_RINGBUF_HDR_SZ, length);
				index[2 * records] = used;
				index[2 * records + 1] = length;
				records++;
				used = round_up(used + length);
			}
			position += occupied;
			left -= occupied;
		}
		return records;
	}

	uint64_t consumer_position() const
	{
		return __atomic_load_n(reinterpret_cast<const uint64_t *>(consumer_.data()),
				       __ATOMIC_ACQUIRE);
	}
	uint64_t producer_position() const
	{
		return __atomic_load_n(reinterpret_cast<const uint64_t *>(producer_.data()),
				       __ATOMIC_ACQUIRE);
	}
	const uint8_t *data() const
	{
		return producer_.data() + page_size();
	}

	Mapping consumer_;
	Mapping producer_;
	uint64_t size_;
};

EventRing *ring_of(Slot *slot)
{
	return slot ? static_cast<EventRing *>(slot->resource.get()) : nullptr;
}

Napi::Value ring_open(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Addon &addon = Addon::of(info);
	Slot *slot = slot_argument(info, 0, Kind::map);
	if (!slot)
		return failure(env, EBADF);
	if (slot->map.type != BPF_MAP_TYPE_RINGBUF)
		return failure(env, EINVAL);
	int fd = slot->fd.get();
	uint64_t size = slot->map.max_entries;
	Mapping consumer = Mapping::of(fd, 0, page_size(), true);
	if (!consumer.valid())
		return failure(env, errno);
	Mapping producer = Mapping::of(fd, page_size(), page_size() + 2 * size, false);
	if (!producer.valid())
		return failure(env, errno);
	RingWatcher::Pointer watcher = RingWatcher::open(addon.loop, fd);
	if (!watcher)
		return failure(env, errno);
	auto ring = std::make_unique<Ring>(std::move(consumer), std::move(producer), size,
					   std::move(watcher));
	return handle_or_failure(env, addon.handles.add(Kind::ring, UniqueFd(), std::move(ring)));
}

napi_value ring_drain(napi_env env, napi_callback_info info)
{
	HotCall<3> call(env, info);
	EventRing *ring = ring_of(call.slot(0, Kind::ring));
	if (!ring)
		return call.returns(-EBADF);
	Bytes out;
	uint32_t *index = nullptr;
	size_t length = 0;
	if (!call.bytes(1, out) || !call.words(2, 2, index, length))
		return call.returns(-EINVAL);
	return call.returns(ring->drain(out, index, length / 2));
}

napi_value ring_available(napi_env env, napi_callback_info info)
{
	HotCall<1> call(env, info);
	EventRing *ring = ring_of(call.slot(0, Kind::ring));
	return call.returns(ring ? ring->available() : -EBADF);
}

napi_value ring_wait(napi_env env, napi_callback_info info)
{
	HotCall<2> call(env, info);
	EventRing *ring = ring_of(call.slot(0, Kind::ring));
	if (!ring)
		return call.returns(-EBADF);
	return call.returns(call.is_function(1) ? ring->watcher->wait(call[1]) : -EINVAL);
}

napi_value ring_stop(napi_env env, napi_callback_info info)
{
	HotCall<1> call(env, info);
	EventRing *ring = ring_of(call.slot(0, Kind::ring));
	if (!ring)
		return call.returns(-EBADF);
	ring->watcher->stop();
	return call.returns(0);
}

} // namespace

void export_rings(Exports &exports)
{
	exports.cold<ring_open>("ringOpen");
	exports.hot("ringDrain", ring_drain);
	exports.hot("ringAvailable", ring_available);
	exports.hot("ringWait", ring_wait);
	exports.hot("ringStop", ring_stop);
}

} // namespace millrace
