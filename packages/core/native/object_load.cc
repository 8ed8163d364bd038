// SPDX-License-Identifier: Apache-2.0
#include <bpf/bpf.h>
#include <cerrno>
#include <optional>

#include "arena_address.h"
#include "log.h"
#include "mapping.h"
#include "object.h"
#include "signal_mask.h"
#include "values.h"

namespace millrace
{

namespace
{

struct ObjectCloser {
	void operator()(bpf_object *object) const
	{
		bpf_object__close(object);
	}
};

/** Loading one object: `run` needs no JavaScript and may be on any thread. */
class Load
{
public:
	explicit Load(ObjectFile &file)
		: maps_(file.maps()), kept_(file.release_kept()), object_(file.release())
	{
	}

	void run()
	{
		LogCapture log;
		SignalMask mask;
		error_ = give_arenas_addresses();
		if (!error_)
			error_ = bpf_object__load(object_.get());
		if (!error_)
			error_ = take_descriptors();
		// What is pinned stays; the rest is held by the duplicates, or goes.
		object_.reset();
		log_ = log.take();
	}

	/** The `NativeLoaded` or `Failure` of binding.ts. */
	Napi::Value result(Napi::Env env, Addon &addon)
	{
		if (error_)
			return failure(env, error_, log_);
		Napi::Object maps = Napi::Object::New(env);
		for (LoadedMap &map : loaded_maps_) {
			Handle handle = addon.handles.add_map(std::move(map.fd), map.shape);
			if (!handle)
				return failure(env, EMFILE);
			maps.Set(map.name, handle);
		}
		Napi::Object programs = Napi::Object::New(env);
		for (LoadedProgram &program : loaded_programs_) {
			Handle handle = addon.handles.add(Kind::program, std::move(program.fd));
			if (!handle)
				return failure(env, EMFILE);
			programs.Set(program.name, handle);
		}
		Napi::Object result = Napi::Object::New(env);
		result.Set("maps", maps);
		result.Set("programs", programs);
		result.Set("arenaData", static_cast<double>(arena_data_));
		result.Set("log", log_);
		return result;
	}

private:
	struct LoadedMap {
		std::string name;
		UniqueFd fd;
		MapShape shape;
	};
	struct LoadedProgram {
		std::string name;
		UniqueFd fd;
	};

	/** The kernel tells nobody which one it has chosen itself. */
	int give_arenas_addresses()
	{
		for (const ObjectFile::NamedMap &entry : maps_) {
			bool is_arena = bpf_map__type(entry.map) == BPF_MAP_TYPE_ARENA;
			bool is_new = bpf_map__autocreate(entry.map) && bpf_map__fd(entry.map) < 0;
			if (!is_arena || !is_new || bpf_map__map_extra(entry.map))
				continue;
			uint64_t pages = bpf_map__max_entries(entry.map);
			uint64_t address = choose_arena_address(pages * page_size());
			// What is too large is refused by the kernel, too.
			if (address && bpf_map__set_map_extra(entry.map, address))
				return -errno;
		}
		return 0;
	}

	int take_descriptors()
	{
		for (const ObjectFile::NamedMap &entry : maps_) {
			// Maps that libbpf does not create, such as an autocreate=false one, have
			// none.
			if (bpf_map__fd(entry.map) < 0 || !bpf_map__autocreate(entry.map))
				continue;
			LoadedMap map{entry.name, UniqueFd::duplicate(bpf_map__fd(entry.map)), {}};
			if (!map.fd.valid())
				return -errno;
			if (int error = map.shape.read(map.fd.get()))
				return error;
			if (map.shape.type == BPF_MAP_TYPE_ARENA)
				arena_data_ = arena_data_of(entry.map);
			loaded_maps_.push_back(std::move(map));
		}
		bpf_program *program;
		bpf_object__for_each_program(program, object_.get())
		{
			if (bpf_program__fd(program) < 0)
				continue;
			LoadedProgram loaded{bpf_program__name(program),
					     UniqueFd::duplicate(bpf_program__fd(program))};
			if (!loaded.fd.valid())
				return -errno;
			loaded_programs_.push_back(std::move(loaded));
		}
		return 0;
	}

	/** How far into its arena libbpf has put the object's variables, which depends on its
	 * version. */
	static uint64_t arena_data_of(const bpf_map *arena)
	{
		size_t length = 0;
		auto address = reinterpret_cast<uint64_t>(bpf_map__initial_value(arena, &length));
		return address ? address - bpf_map__map_extra(arena) : 0;
	}

	std::vector<ObjectFile::NamedMap> maps_;
	std::vector<UniqueFd> kept_;
	std::unique_ptr<bpf_object, ObjectCloser> object_;
	std::vector<LoadedMap> loaded_maps_;
	std::vector<LoadedProgram> loaded_programs_;
	uint64_t arena_data_ = 0;
	int error_ = 0;
	std::string log_;
};

class LoadWorker : public Napi::AsyncWorker
{
public:
	LoadWorker(Napi::Env env, Addon &addon, Handle handle, ObjectFile &file)
		: AsyncWorker(env, "millrace.objectLoad"),
		  deferred_(Napi::Promise::Deferred::New(env)), addon_(addon), handle_(handle),
		  load_(file)
	{
		file.loading = true;
	}

	Napi::Promise promise() const
	{
		return deferred_.Promise();
	}

protected:
	void Execute() override
	{
		load_.run();
	}

	void OnOK() override
	{
		if (Slot *slot = addon_.handles.find(handle_, Kind::object))
			static_cast<ObjectFile *>(slot->resource.get())->loading = false;
		deferred_.Resolve(load_.result(Env(), addon_));
	}

private:
	Napi::Promise::Deferred deferred_;
	Addon &addon_;
	Handle handle_;
	Load load_;
};

/** The object to load, or the errno why it cannot be. */
ObjectFile *loadable(const Napi::CallbackInfo &info, int &error)
{
	Slot *slot = slot_argument(info, 0, Kind::object);
	auto *file = slot ? static_cast<ObjectFile *>(slot->resource.get()) : nullptr;
	error = !file ? EBADF : !file->get() ? EBUSY : 0;
	return error ? nullptr : file;
}

} // namespace

Napi::Value object_load_sync(const Napi::CallbackInfo &info)
{
	int error = 0;
	ObjectFile *file = loadable(info, error);
	if (!file)
		return failure(info.Env(), error);
	Load load(*file);
	load.run();
	return load.result(info.Env(), Addon::of(info));
}

Napi::Value object_load(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	int error = 0;
	ObjectFile *file = loadable(info, error);
	if (!file) {
		auto deferred = Napi::Promise::Deferred::New(env);
		deferred.Resolve(failure(env, error));
		return deferred.Promise();
	}
	auto *worker = new LoadWorker(env, Addon::of(info),
				      info[0].As<Napi::Number>().Uint32Value(), *file);
	Napi::Promise promise = worker->promise();
	worker->Queue();
	return promise;
}

} // namespace millrace
