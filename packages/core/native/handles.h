// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "map_shape.h"
#include "unique_fd.h"

namespace millrace
{

/** A slot of the table and its generation; never 0, and below 2^31 so that V8 keeps it in a small
 * integer. */
using Handle = uint32_t;

enum class Kind : uint8_t {
	none,
	map,
	program,
	link,
	object,
	memory,
	ring,
	user_ring,
	statistics,
	lock
};

/** What a slot holds beside, or instead of, a descriptor. */
class Resource
{
public:
	virtual ~Resource() = default;
	/** While true the slot cannot be closed: a thread of the pool works on it. */
	virtual bool busy() const
	{
		return false;
	}
};

struct Slot {
	Kind kind = Kind::none;
	uint16_t generation = 1;
	UniqueFd fd;
	MapShape map;
	std::unique_ptr<Resource> resource;
};

/** The kernel objects that one JavaScript environment has open; used on its thread only. */
class HandleTable
{
public:
	/** 0 when the table is full. */
	Handle add(Kind kind, UniqueFd fd, std::unique_ptr<Resource> resource = nullptr);
	/** A map, with what its buffers must hold. */
	Handle add_map(UniqueFd fd, const MapShape &shape);

	/** nullptr for a handle that was closed or is of another kind. Valid until the next add. */
	Slot *find(Handle handle, Kind kind)
	{
		Slot *slot = find(handle);
		return slot && slot->kind == kind ? slot : nullptr;
	}
	Slot *find(Handle handle)
	{
		uint32_t index = handle & index_mask;
		if (index >= slots_.size())
			return nullptr;
		Slot *slot = &slots_[index];
		bool live = slot->kind != Kind::none && slot->generation == handle >> index_bits;
		return live ? slot : nullptr;
	}

	/** 0, -EBADF or -EBUSY. */
	int close(Handle handle);
	void clear()
	{
		slots_.clear();
		free_.clear();
	}

private:
	static constexpr uint32_t index_bits = 19;
	static constexpr uint32_t index_mask = (1u << index_bits) - 1;
	static constexpr uint32_t last_generation = (1u << (31 - index_bits)) - 1;

	std::vector<Slot> slots_;
	std::vector<uint32_t> free_;
};

} // namespace millrace
