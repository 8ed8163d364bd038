// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace millrace
{

/** What the kernel says of a map, as far as buffers have to be measured against it. */
struct MapShape {
	uint32_t type = 0;
	uint32_t key_size = 0;
	/** Bytes that a lookup writes: for a per-CPU map the values of every possible CPU, each
	 * rounded up to 8. */
	uint64_t value_bytes = 0;
	uint32_t value_size = 0;
	uint32_t max_entries = 0;
	uint32_t flags = 0;

	/** Fills in from the kernel's own information; 0 or a negative errno. */
	int read(int fd);
};

} // namespace millrace
