// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct btf;

namespace millrace
{

using LayoutLines = std::vector<std::string>;

/**
 * The layout of a C type in the notation of codec.ts. Nothing where the BTF does not tell: the type
 * is incomplete, or of a kind that has no place in memory, or so deep that the BTF must be broken.
 */
std::optional<LayoutLines> layout_of(const btf *btf, uint32_t type_id);

} // namespace millrace
