// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <node_api.h>

#include "addon.h"

namespace millrace
{

struct Bytes {
	uint8_t *data = nullptr;
	size_t length = 0;
};

/**
 * Arguments of a raw callback, read without wrappers, allocation or exceptions. A reader returns
 * false for an argument of another type.
 */
template <size_t count>
class HotCall
{
public:
	HotCall(napi_env env, napi_callback_info info) : env_(env)
	{
		size_t given = count;
		void *data = nullptr;
		napi_get_cb_info(env, info, &given, values_, nullptr, &data);
		addon_ = static_cast<Addon *>(data);
	}

	Addon &addon() const
	{
		return *addon_;
	}

	/** nullptr for a handle that is not, or no longer, of this kind. */
	Slot *slot(size_t index, Kind kind) const
	{
		uint32_t handle = 0;
		if (napi_get_value_uint32(env_, values_[index], &handle) != napi_ok)
			return nullptr;
		return addon_->handles.find(handle, kind);
	}

	bool bytes(size_t index, Bytes &out) const
	{
		return typed(index, napi_uint8_array, out);
	}

	/** A Uint32Array of at least `least` elements. */
	bool words(size_t index, size_t least, uint32_t *&out, size_t &length) const
	{
		Bytes array;
		if (!typed(index, napi_uint32_array, array) || array.length < least)
			return false;
		out = reinterpret_cast<uint32_t *>(array.data);
		length = array.length;
		return true;
	}

	bool flags(size_t index, uint64_t &out) const
	{
		int64_t value = 0;
		if (napi_get_value_int64(env_, values_[index], &value) != napi_ok)
			return false;
		out = static_cast<uint64_t>(value);
		return true;
	}

	bool number(size_t index, uint32_t &out) const
	{
		return napi_get_value_uint32(env_, values_[index], &out) == napi_ok;
	}

	bool boolean(size_t index, bool &out) const
	{
		return napi_get_value_bool(env_, values_[index], &out) == napi_ok;
	}

	bool is_null(size_t index) const
	{
		return is(index, napi_null);
	}

	bool is_function(size_t index) const
	{
		return is(index, napi_function);
	}

	napi_value operator[](size_t index) const
	{
		return values_[index];
	}

	napi_value returns(int32_t value) const
	{
		napi_value result = nullptr;
		napi_create_int32(env_, value, &result);
		return result;
	}

private:
	bool is(size_t index, napi_valuetype wanted) const
	{
		napi_valuetype type;
		return napi_typeof(env_, values_[index], &type) == napi_ok && type == wanted;
	}

	bool typed(size_t index, napi_typedarray_type wanted, Bytes &out) const
	{
		napi_typedarray_type type;
		void *data = nullptr;
		if (napi_get_typedarray_info(env_, values_[index], &type, &out.length, &data,
					     nullptr, nullptr) != napi_ok ||
		    type != wanted)
			return false;
		out.data = static_cast<uint8_t *>(data);
		return true;
	}

	napi_env env_;
	napi_value values_[count];
	Addon *addon_ = nullptr;
};

} // namespace millrace
