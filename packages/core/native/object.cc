// SPDX-License-Identifier: Apache-2.0
#include "object.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <vector>

#include "elf_check.h"
#include "log.h"
#include "unique_fd.h"
#include "user_namespace.h"
#include "values.h"

namespace millrace
{

namespace
{

/** `.rodata` for a map that libbpf calls `<object>.rodata`. */
std::string name_of(const bpf_map *map)
{
	std::string name = bpf_map__name(map);
	size_t dot = name.rfind('.');
	bool prefixed =
		bpf_map__is_internal(map) && !name.starts_with('.') && dot != std::string::npos;
	return prefixed ? name.substr(dot) : name;
}

/** No object file is a gigabyte long; memory for what pretends to be is not asked for. */
constexpr size_t most_bytes = 1 << 30;
constexpr off_t page_bytes = 4096;

/** All of a file, also of a pipe, which tells no size; 0 or an errno. */
int read_file(const std::string &path, std::vector<uint8_t> &image)
{
	UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
	struct stat status;
	if (!file.valid() || fstat(file.get(), &status))
		return errno;
	if (status.st_size > static_cast<off_t>(most_bytes))
		return EFBIG;
	// One byte more, for the end of the file to show.
	image.resize(std::max<off_t>(status.st_size, page_bytes) + 1);
	size_t length = 0;
	for (;;) {
		ssize_t count = read(file.get(), image.data() + length, image.size() - length);
		if (count < 0)
			return errno;
		if (count == 0)
			break;
		length += count;
		if (length > most_bytes)
			return EFBIG;
		if (length == image.size())
			image.resize(2 * length);
	}
	image.resize(length);
	return 0;
}

/**
 * The object file of an argument that is its path or its bytes; 0 or an errno. Bytes are copied:
 * libelf wants them aligned, and out of reach of threads that share the caller's memory.
 */
int image_argument(const Napi::Value &value, std::vector<uint8_t> &image)
{
	if (value.IsString())
		return read_file(value.As<Napi::String>(), image);
	Napi::Uint8Array bytes = bytes_argument(value);
	image.assign(bytes.Data(), bytes.Data() + bytes.ByteLength());
	return 0;
}

Napi::Value object_open(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	std::vector<uint8_t> image;
	if (int error = image_argument(info[0], image))
		return failure(env, error);
	std::string name = info[1].As<Napi::String>();
	Napi::Object options = info[2].As<Napi::Object>();
	std::string pin_root = string_property(options, "pinRoot", "");
	std::string btf_path = string_property(options, "btfPath", "");

	if (const char *problem = elf_problem(image.data(), image.size()))
		return failure(env, ENOEXEC, problem);

	LogCapture log;
	LIBBPF_OPTS(bpf_object_open_opts, open_options, .object_name = name.c_str(),
		    .pin_root_path = pin_root.empty() ? nullptr : pin_root.c_str(),
		    .btf_custom_path = btf_path.empty() ? nullptr : btf_path.c_str(),
		    .kernel_log_level = number_property(options, "kernelLogLevel", 0));
	// The kernel makes no BPF token in the first user namespace: libbpf need not ask for one.
	if (in_first_user_namespace())
		open_options.bpf_token_path = "";
	bpf_object *object = bpf_object__open_mem(image.data(), image.size(), &open_options);
	if (!object)
		return failure(env, errno, log.take());
	auto file = std::make_unique<ObjectFile>(object);
	const ObjectFile &opened = *file;
	Handle handle = Addon::of(info).handles.add(Kind::object, UniqueFd(), std::move(file));
	if (!handle)
		return failure(env, EMFILE);
	Napi::Object result = Napi::Object::New(env);
	result.Set("handle", handle);
	result.Set("description", describe_object(opened));
	if (info[0].IsString()) {
		Napi::Uint8Array copy = Napi::Uint8Array::New(env, image.size());
		memcpy(copy.Data(), image.data(), image.size());
		result.Set("image", copy);
	}
	return result;
}

/** A change of a map. Read first, applied later: a getter may close the object. */
struct MapChange {
	std::optional<uint32_t> max_entries;
	bool sets_pin_path = false;
	std::optional<std::string> pin_path;
	std::optional<Handle> reuse;

	explicit MapChange(const Napi::Object &change)
	{
		max_entries = optional_number(change, "maxEntries");
		reuse = optional_number(change, "reuse");
		Napi::Value path = change.Get("pinPath");
		sets_pin_path = !path.IsUndefined();
		if (sets_pin_path && !path.IsNull())
			pin_path = path.As<Napi::String>().Utf8Value();
	}

	int apply(bpf_map *map, HandleTable &handles) const
	{
		int error = max_entries ? bpf_map__set_max_entries(map, *max_entries) : 0;
		if (!error && sets_pin_path)
			error = bpf_map__set_pin_path(map, pin_path ? pin_path->c_str() : nullptr);
		if (error || !reuse)
			return error;
		Slot *other = handles.find(*reuse, Kind::map);
		return other ? bpf_map__reuse_fd(map, other->fd.get()) : -EBADF;
	}
};

Napi::Value object_set_map(const Napi::CallbackInfo &info)
{
	auto result = [&](int value) { return Napi::Number::New(info.Env(), value); };
	std::string name = info[1].As<Napi::String>();
	MapChange change(info[2].As<Napi::Object>());
	ObjectFile *file = file_argument(info);
	if (!file || !file->get())
		return result(file ? -EBUSY : -EBADF);
	bpf_map *map = file->map(name);
	if (!map)
		return result(-ENOENT);
	LogCapture log;
	return result(change.apply(map, Addon::of(info).handles));
}

Napi::Value object_write_data(const Napi::CallbackInfo &info)
{
	auto result = [&](int value) { return Napi::Number::New(info.Env(), value); };
	ObjectFile *file = file_argument(info);
	if (!file || !file->get())
		return result(file ? -EBUSY : -EBADF);
	bpf_map *map = file->map(info[1].As<Napi::String>().Utf8Value());
	size_t size = 0;
	void *data = map ? bpf_map__initial_value(map, &size) : nullptr;
	if (!data)
		return result(-ENOENT);
	int64_t offset = info[2].As<Napi::Number>();
	Napi::Uint8Array bytes = bytes_argument(info[3]);
	if (offset < 0 || static_cast<uint64_t>(offset) > size ||
	    bytes.ByteLength() > size - offset)
		return result(-EINVAL);
	memcpy(static_cast<uint8_t *>(data) + offset, bytes.Data(), bytes.ByteLength());
	return result(0);
}

} // namespace

ObjectFile *file_argument(const Napi::CallbackInfo &info)
{
	Slot *slot = slot_argument(info, 0, Kind::object);
	return slot ? static_cast<ObjectFile *>(slot->resource.get()) : nullptr;
}

ObjectFile::ObjectFile(bpf_object *object) : object_(object)
{
	bpf_map *map;
	bpf_object__for_each_map(map, object) maps_.push_back({name_of(map), map});
}

ObjectFile::~ObjectFile()
{
	bpf_object__close(object_);
}

bpf_map *ObjectFile::map(std::string_view name) const
{
	for (const NamedMap &entry : maps_)
		if (entry.name == name)
			return entry.map;
	return nullptr;
}

void export_objects(Exports &exports)
{
	exports.cold<object_open>("objectOpen");
	exports.cold<object_set_map>("objectSetMap");
	exports.cold<object_set_program>("objectSetProgram");
	exports.cold<object_write_data>("objectWriteData");
	exports.cold<object_load>("objectLoad");
	exports.cold<object_load_sync>("objectLoadSync");
}

} // namespace millrace
