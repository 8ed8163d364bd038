// SPDX-License-Identifier: Apache-2.0
#include "addon.h"

#include "log.h"

namespace millrace
{

Addon::Addon(napi_env env) : loop(env)
{
	napi_add_async_cleanup_hook(env, on_cleanup, this, &cleanup_);
}

void Addon::on_cleanup(napi_async_cleanup_hook_handle, void *self)
{
	auto *addon = static_cast<Addon *>(self);
	addon->handles.clear();
	addon->loop.when_idle([addon] { napi_remove_async_cleanup_hook(addon->cleanup_); });
}

void Exports::hot(const char *name, napi_callback call)
{
	napi_value function = nullptr;
	napi_create_function(env_, name, NAPI_AUTO_LENGTH, call, &addon_, &function);
	object_.Set(name, Napi::Value(env_, function));
}

namespace
{

Napi::Object initialize(Napi::Env env, Napi::Object object)
{
	LogCapture::install();
	auto *addon = new Addon(env);
	env.SetInstanceData(addon);
	Exports exports(env, object, *addon);
	export_batches(exports);
	export_clsact(exports);
	export_entries(exports);
	export_entries_in_netns(exports);
	export_entry_buffers(exports);
	export_features(exports);
	export_filters(exports);
	export_grace_periods(exports);
	export_hooks(exports);
	export_interfaces(exports);
	export_links(exports);
	export_locks(exports);
	export_maps(exports);
	export_memory(exports);
	export_objects(exports);
	export_perf_rings(exports);
	export_pins(exports);
	export_programs(exports);
	export_reuseport(exports);
	export_rings(exports);
	export_test_run(exports);
	export_user_rings(exports);
	export_xdp(exports);
	return object;
}

} // namespace

} // namespace millrace

using millrace::initialize;
NODE_API_MODULE(millrace, initialize)
