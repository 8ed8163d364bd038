// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <net/if.h>
#include <vector>

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

Napi::Value interface_list(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	std::vector<std::pair<uint32_t, std::string>> found;
	int error = in_netns(info[0].As<Napi::String>(), [&] {
		struct if_nameindex *all = if_nameindex();
		if (!all)
			return -errno;
		for (struct if_nameindex *each = all; each->if_index; each++)
			found.emplace_back(each->if_index, each->if_name);
		if_freenameindex(all);
		return 0;
	});
	if (error)
		return failure(env, error);
	Napi::Array list = Napi::Array::New(env, found.size());
	for (size_t i = 0; i < found.size(); i++) {
		Napi::Object entry = Napi::Object::New(env);
		entry.Set("index", found[i].first);
		entry.Set("name", found[i].second);
		list.Set(static_cast<uint32_t>(i), entry);
	}
	return list;
}

} // namespace

void export_interfaces(Exports &exports)
{
	exports.cold<interface_index>("interfaceIndex");
	exports.cold<interface_name>("interfaceName");
	exports.cold<interface_list>("interfaceList");
}

} // namespace millrace
