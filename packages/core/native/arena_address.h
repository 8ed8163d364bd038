// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace millrace
{

/**
 * An address for an arena of so many bytes, or 0 with errno set. All processes see an arena at one
 * address, so it is one that others are unlikely to use either: far below where the kernel puts
 * libraries and stacks, at a place that differs from process to process. No arena crosses a
 * multiple of 4 GiB.
 */
uint64_t choose_arena_address(uint64_t length);

} // namespace millrace
