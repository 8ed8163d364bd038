// SPDX-License-Identifier: Apache-2.0
#include "arena_address.h"

#include <atomic>
#include <cerrno>
#include <random>
#include <sys/mman.h>

namespace millrace
{

namespace
{

constexpr uint64_t slot_bytes = 1ull << 32;
/** 16 TiB to 32 TiB: machines with 47 bits of addresses have it, and those with 48. */
constexpr uint64_t first_slot = (1ull << 44) / slot_bytes;
constexpr uint64_t slots = first_slot;
/** Where there are fewer bits of addresses; 64 to 128 GiB. */
constexpr uint64_t first_low_slot = (1ull << 36) / slot_bytes;
constexpr uint64_t low_slots = first_low_slot;
constexpr int attempts = 64;

bool is_free(uint64_t address, uint64_t length)
{
	void *wanted = reinterpret_cast<void *>(address);
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
	void *found = mmap(wanted, length, PROT_NONE, flags, -1, 0);
	if (found == MAP_FAILED)
		return false;
	munmap(found, length);
	return found == wanted;
}

} // namespace

uint64_t choose_arena_address(uint64_t length)
{
	if (length == 0 || length > slot_bytes) {
		errno = E2BIG;
		return 0;
	}
	// Threads that choose at the same time get different ones.
	static std::atomic<uint64_t> next = std::random_device{}();
	for (int attempt = 0; attempt < attempts; attempt++) {
		uint64_t number = next++;
		uint64_t slot = attempt < attempts / 2 ? first_slot + number % slots
						       : first_low_slot + number % low_slots;
		if (is_free(slot * slot_bytes, length))
			return slot * slot_bytes;
	}
	errno = ENOMEM;
	return 0;
}

} // namespace millrace
