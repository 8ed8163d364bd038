// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "map_shape.h"
#include "mapping.h"

namespace millrace
{

/** The memory of a map, as long as anybody holds it. */
class MapMemory
{
public:
	/** 0, or an errno. An arena is mapped once in a process, whoever asks. */
	static int of(int fd, const MapShape &map, bool writable,
		      std::shared_ptr<const MapMemory> &out);

	MapMemory(Mapping mapping, uint64_t length, bool writable)
		: mapping_(std::move(mapping)), length_(length), writable_(writable)
	{
	}

	uint8_t *data() const
	{
		return mapping_.data();
	}
	uint64_t length() const
	{
		return length_;
	}
	bool writable() const
	{
		return writable_;
	}
	bool covers(uint64_t offset, uint64_t length) const
	{
		return offset <= length_ && length <= length_ - offset;
	}
	/**
	 * Makes sure that there are pages behind these bytes, where an access could otherwise end
	 * the process. 0 or a negative errno.
	 */
	int populate(uint64_t offset, uint64_t length) const;

private:
	Mapping mapping_;
	uint64_t length_;
	bool writable_;
};

} // namespace millrace
