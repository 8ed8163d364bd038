// SPDX-License-Identifier: Apache-2.0
#include "handles.h"

#include <cerrno>

namespace millrace
{

Handle HandleTable::add(Kind kind, UniqueFd fd, std::unique_ptr<Resource> resource)
{
	uint32_t index = slots_.size();
	if (!free_.empty()) {
		index = free_.back();
		free_.pop_back();
	} else if (index <= index_mask) {
		slots_.emplace_back();
	} else {
		return 0;
	}
	Slot &slot = slots_[index];
	slot.kind = kind;
	slot.fd = std::move(fd);
	slot.resource = std::move(resource);
	return static_cast<uint32_t>(slot.generation) << index_bits | index;
}

Handle HandleTable::add_map(UniqueFd fd, const MapShape &shape)
{
	Handle handle = add(Kind::map, std::move(fd));
	if (Slot *slot = find(handle))
		slot->map = shape;
	return handle;
}

int HandleTable::close(Handle handle)
{
	Slot *slot = find(handle);
	if (!slot)
		return -EBADF;
	if (slot->resource && slot->resource->busy())
		return -EBUSY;
	slot->kind = Kind::none;
	slot->fd = UniqueFd();
	slot->resource.reset();
	// A slot whose generations are used up is left out for good: no handle ever names two
	// objects.
	if (slot->generation++ < last_generation)
		free_.push_back(handle & index_mask);
	return 0;
}

} // namespace millrace
