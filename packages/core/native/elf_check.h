// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace millrace
{

/**
 * What is wrong with the bytes of an object file, or nullptr. libelf and libbpf take for granted
 * much of what a compiler writes, and read outside the file where it is not so: what they take for
 * granted is checked here first.
 */
const char *elf_problem(const uint8_t *bytes, size_t length);

} // namespace millrace
