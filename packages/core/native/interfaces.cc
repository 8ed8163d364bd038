// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <net/if.h>

#include "netns.h"
#include "values.h"

namespace millrace
{

namespace
{

Napi::Value interface_index(const Napi::CallbackInfo &info)
{
	std::string name = info[0].As<Napi::String>();
	int index = in_netns(info[1].As<Napi::String>(), [&] {
		unsigned int found = if_nametoindex(name.c_str());
		return found ? static_cast<int>(found) : -errno;
	});
	return Napi::Number::New(info.Env(), index);
}

Napi::Value interface_name(const Napi::CallbackInfo &info)
{
	uint32_t index = info[0].As<Napi::Number>();
	char name[IF_NAMESIZE] = {};
	int error = in_netns(info[1].As<Napi::String>(),
			     [&] { return if_indextoname(index, name) ? 0 : -errno; });
	return error ? failure(info.Env(), error).As<Napi::Value>()
		     : Napi::String::New(info.Env(), name);
}

} // namespace

void export_interfaces(Exports &exports)
{
	exports.cold<interface_index>("interfaceIndex");
	exports.cold<interface_name>("interfaceName");
}

} // namespace millrace
