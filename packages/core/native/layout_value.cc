// SPDX-License-Identifier: Apache-2.0
#include "layout_value.h"

namespace millrace
{

Napi::Value lines_value(Napi::Env env, const std::optional<LayoutLines> &lines)
{
	if (!lines)
		return env.Null();
	Napi::Array array = Napi::Array::New(env, lines->size());
	for (uint32_t i = 0; i < lines->size(); i++)
		array.Set(i, (*lines)[i]);
	return array;
}

Napi::Value type_layout(Napi::Env env, const btf *btf, uint32_t type_id)
{
	return btf && type_id ? lines_value(env, layout_of(btf, type_id)) : env.Null();
}

} // namespace millrace
