// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <napi.h>

#include "btf_layout.h"

namespace millrace
{

/** The `LayoutLines` of binding.ts; null for none. */
Napi::Value lines_value(Napi::Env env, const std::optional<LayoutLines> &lines);

/** The layout of a type; null without BTF, for no type, or where the BTF does not tell. */
Napi::Value type_layout(Napi::Env env, const btf *btf, uint32_t type_id);

} // namespace millrace
