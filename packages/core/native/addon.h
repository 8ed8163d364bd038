// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <napi.h>

#include "handles.h"
#include "ring_watcher.h"

namespace millrace
{

/** State of one JavaScript environment: the main thread has one, every worker its own. */
class Addon
{
public:
	explicit Addon(napi_env env);
	Addon(const Addon &) = delete;
	Addon &operator=(const Addon &) = delete;

	static Addon &of(const Napi::CallbackInfo &info)
	{
		return *static_cast<Addon *>(info.Data());
	}

	LoopUse loop;
	HandleTable handles;

private:
	static void on_cleanup(napi_async_cleanup_hook_handle hook, void *self);

	napi_async_cleanup_hook_handle cleanup_ = nullptr;
};

/** Puts functions on the exports object, each with the environment's state as its data. */
class Exports
{
public:
	Exports(Napi::Env env, Napi::Object object, Addon &addon)
		: env_(env), object_(object), addon_(addon)
	{
	}

	/** A raw callback, for calls that cost less than a wrapper would. */
	void hot(const char *name, napi_callback call);

	template <Napi::Value (*call)(const Napi::CallbackInfo &)>
	void cold(const char *name)
	{
		object_.Set(name, Napi::Function::New<call>(env_, name, &addon_));
	}

private:
	Napi::Env env_;
	Napi::Object object_;
	Addon &addon_;
};

void export_batches(Exports &exports);
void export_clsact(Exports &exports);
void export_entries(Exports &exports);
void export_entries_in_netns(Exports &exports);
void export_entry_buffers(Exports &exports);
void export_features(Exports &exports);
void export_filters(Exports &exports);
void export_grace_periods(Exports &exports);
void export_hooks(Exports &exports);
void export_interfaces(Exports &exports);
void export_links(Exports &exports);
void export_locks(Exports &exports);
void export_maps(Exports &exports);
void export_memory(Exports &exports);
void export_objects(Exports &exports);
void export_perf_rings(Exports &exports);
void export_pins(Exports &exports);
void export_programs(Exports &exports);
void export_reuseport(Exports &exports);
void export_rings(Exports &exports);
void export_test_run(Exports &exports);
void export_user_rings(Exports &exports);
void export_xdp(Exports &exports);

} // namespace millrace
