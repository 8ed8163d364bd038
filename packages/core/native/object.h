// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bpf/libbpf.h>
#include <napi.h>
#include <string>
#include <string_view>
#include <vector>

#include "handles.h"

namespace millrace
{

/** An object file that libbpf has read, until it is loaded; then nothing is left but the handle. */
class ObjectFile : public Resource
{
public:
	/** A map with its name in C, or its section: libbpf's own name changes when a map is
	 * replaced. */
	struct NamedMap {
		std::string name;
		bpf_map *map;
	};

	explicit ObjectFile(bpf_object *object);
	~ObjectFile() override;

	bool busy() const override
	{
		return loading;
	}

	/** nullptr once loading has begun. */
	bpf_object *get() const
	{
		return loading ? nullptr : object_;
	}
	const std::vector<NamedMap> &maps() const
	{
		return maps_;
	}
	bpf_map *map(std::string_view name) const;

	/** Gives the object up, to be loaded. */
	bpf_object *release()
	{
		return std::exchange(object_, nullptr);
	}

	/** Keeps a descriptor open until the object is loaded: libbpf remembers its number only. */
	void keep(UniqueFd fd)
	{
		kept_.push_back(std::move(fd));
	}
	/** What was kept, for whoever loads: this handle may go before the loading is over. */
	std::vector<UniqueFd> release_kept()
	{
		return std::exchange(kept_, {});
	}

	bool loading = false;

private:
	bpf_object *object_;
	std::vector<NamedMap> maps_;
	std::vector<UniqueFd> kept_;
};

/** What is in an object file, as native-object.ts reads it. */
std::string describe_object(const ObjectFile &file);

/** The object that the first argument names, or nullptr. */
ObjectFile *file_argument(const Napi::CallbackInfo &info);

/** Function of object_program.cc. */
Napi::Value object_set_program(const Napi::CallbackInfo &info);

/** Functions of object_load.cc. */
Napi::Value object_load(const Napi::CallbackInfo &info);
Napi::Value object_load_sync(const Napi::CallbackInfo &info);

} // namespace millrace
