// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handles.h"
#include "hot_call.h"
#include "ring_watcher.h"

namespace millrace
{

/** Memory shared with the kernel that records of programs come by. */
class EventRing : public Resource
{
public:
	explicit EventRing(RingWatcher::Pointer watcher) : watcher(std::move(watcher))
	{
	}

	/** Bytes that wait, or a negative errno. */
	virtual int64_t available() const = 0;
	/** As `ringDrain` of binding.ts; `capacity` in records. */
	virtual int drain(Bytes out, uint32_t *index, size_t capacity) = 0;

	RingWatcher::Pointer watcher;
};

/** Copied records lie at multiples of this. */
constexpr uint64_t record_alignment = 8;

constexpr uint64_t round_up(uint64_t size)
{
	return (size + record_alignment - 1) / record_alignment * record_alignment;
}

} // namespace millrace
