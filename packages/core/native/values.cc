// SPDX-License-Identifier: Apache-2.0
#include "values.h"

#include <cerrno>
#include <cstdlib>

namespace millrace
{

Napi::Object failure(Napi::Env env, int error, std::string_view log)
{
	Napi::Object object = Napi::Object::New(env);
	object.Set("errno", Napi::Number::New(env, std::abs(error)));
	object.Set("log", Napi::String::New(env, log.data(), log.size()));
	return object;
}

Napi::Value handle_or_failure(Napi::Env env, Handle handle)
{
	return handle ? Napi::Number::New(env, handle) : failure(env, EMFILE).As<Napi::Value>();
}

Slot *slot_argument(const Napi::CallbackInfo &info, size_t index)
{
	return Addon::of(info).handles.find(info[index].As<Napi::Number>().Uint32Value());
}

Slot *slot_argument(const Napi::CallbackInfo &info, size_t index, Kind kind)
{
	return Addon::of(info).handles.find(info[index].As<Napi::Number>().Uint32Value(), kind);
}

Napi::Uint8Array bytes_argument(const Napi::Value &value)
{
	if (!value.IsTypedArray() ||
	    value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
		throw Napi::TypeError::New(value.Env(), "expected a Uint8Array");
	return value.As<Napi::Uint8Array>();
}

std::string string_property(const Napi::Object &object, const char *name, std::string otherwise)
{
	Napi::Value value = object.Get(name);
	return value.IsUndefined() ? std::move(otherwise) : value.As<Napi::String>().Utf8Value();
}

uint32_t number_property(const Napi::Object &object, const char *name, uint32_t otherwise)
{
	Napi::Value value = object.Get(name);
	return value.IsUndefined() ? otherwise : value.As<Napi::Number>().Uint32Value();
}

std::optional<uint32_t> optional_number(const Napi::Object &object, const char *name)
{
	Napi::Value value = object.Get(name);
	if (value.IsUndefined())
		return std::nullopt;
	return value.As<Napi::Number>().Uint32Value();
}

} // namespace millrace
