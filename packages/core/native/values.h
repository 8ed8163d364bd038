// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <napi.h>
#include <optional>
#include <string>
#include <string_view>

#include "addon.h"

namespace millrace
{

/** The `Failure` of binding.ts; `error` is an errno of either sign. */
Napi::Object failure(Napi::Env env, int error, std::string_view log = "");

/** The handle as a number; a failure when the table was full. */
Napi::Value handle_or_failure(Napi::Env env, Handle handle);

/** The slot that an argument names, or nullptr. */
Slot *slot_argument(const Napi::CallbackInfo &info, size_t index, Kind kind);
Slot *slot_argument(const Napi::CallbackInfo &info, size_t index);

/** Throws a TypeError for anything but a Uint8Array. */
Napi::Uint8Array bytes_argument(const Napi::Value &value);

/** The property, or `otherwise` where it is undefined. */
std::string string_property(const Napi::Object &object, const char *name, std::string otherwise);
uint32_t number_property(const Napi::Object &object, const char *name, uint32_t otherwise);
std::optional<uint32_t> optional_number(const Napi::Object &object, const char *name);

/** For a struct's fixed array of characters, which need not end in a zero. */
template <size_t size>
std::string fixed_string(const char (&text)[size])
{
	return std::string(
		std::string_view(text, size).substr(0, std::string_view(text, size).find('\0')));
}

} // namespace millrace
