// SPDX-License-Identifier: Apache-2.0
#include <bpf/btf.h>

#include "layout_value.h"
#include "object.h"

namespace millrace
{

namespace
{

/** The variable of a section that has this name, or nullptr. */
const btf_var_secinfo *variable_of(const btf *btf, const char *section, const std::string &name)
{
	const btf_type *type =
		btf__type_by_id(btf, btf__find_by_name_kind(btf, section, BTF_KIND_DATASEC));
	if (!type)
		return nullptr;
	const btf_var_secinfo *entry = btf_var_secinfos(type);
	for (uint32_t i = 0; i < btf_vlen(type); i++, entry++) {
		const btf_type *variable = btf__type_by_id(btf, entry->type);
		if (variable && name == btf__name_by_offset(btf, variable->name_off))
			return entry;
	}
	return nullptr;
}

/**
 * Whether the C source fills a program array: libbpf then fills it as well, whenever it loads the
 * object. The slots come after the declaration, whose last member is an array of no length.
 */
bool is_filled(const btf *btf, const ObjectFile::NamedMap &entry)
{
	if (!btf || bpf_map__type(entry.map) != BPF_MAP_TYPE_PROG_ARRAY)
		return false;
	const btf_var_secinfo *place = variable_of(btf, ".maps", entry.name);
	int64_t declared = place ? btf__resolve_size(btf, place->type) : -1;
	return declared >= 0 && place->size > declared;
}

/** An array of these values: the columns of a row in native-object.ts. */
template <typename... Values>
Napi::Array row(Napi::Env env, const Values &...values)
{
	Napi::Array result = Napi::Array::New(env, sizeof...(values));
	uint32_t column = 0;
	(result.Set(column++, values), ...);
	return result;
}

bool holds_maps(const bpf_map *map)
{
	bpf_map_type type = bpf_map__type(map);
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

Napi::Array describe_map(Napi::Env env, const btf *btf, const ObjectFile::NamedMap &entry)
{
	const bpf_map *map = entry.map;
	const char *pin_path = bpf_map__pin_path(map);
	bool internal = bpf_map__is_internal(map);
	// The value of an internal map is a whole section: its variables are listed one by one.
	auto layout = [&](uint32_t type) {
		return internal ? env.Null() : type_layout(env, btf, type);
	};
	Napi::Value pin = pin_path ? Napi::String::New(env, pin_path) : env.Null();
	bpf_map *held = holds_maps(map) ? bpf_map__inner_map(entry.map) : nullptr;
	Napi::Value inner = held ? describe_map(env, btf, {bpf_map__name(held), held}) : env.Null();
	return row(env, entry.name, static_cast<uint32_t>(bpf_map__type(map)),
		   bpf_map__key_size(map), bpf_map__value_size(map), bpf_map__max_entries(map),
		   bpf_map__map_flags(map), pin, internal, is_filled(btf, entry),
		   layout(bpf_map__btf_key_type_id(map)), layout(bpf_map__btf_value_type_id(map)),
		   inner);
}

Napi::Array describe_program(Napi::Env env, const bpf_program *program)
{
	return row(env, bpf_program__name(program), bpf_program__section_name(program),
		   static_cast<uint32_t>(bpf_program__type(program)),
		   static_cast<uint32_t>(bpf_program__expected_attach_type(program)),
		   bpf_program__autoload(program), bpf_program__flags(program));
}

bool holds_variables(const std::string &section)
{
	for (const char *stem : {".rodata", ".data", ".bss", ".addr_space.1", ".millrace"})
		if (section == stem || section.starts_with(std::string(stem) + "."))
			return true;
	return false;
}

/** The pointee of a pointer, seen through const and its like; else the type itself. */
uint32_t pointee(const btf *btf, uint32_t type_id)
{
	for (int depth = 0; depth < 32; depth++) {
		const btf_type *type = btf__type_by_id(btf, type_id);
		if (type && btf_is_ptr(type))
			return type->type;
		if (!type || (!btf_is_mod(type) && !btf_is_typedef(type)))
			break;
		type_id = type->type;
	}
	return type_id;
}

void describe_section(Napi::Env env, const btf *btf, const btf_type *section, Napi::Array variables)
{
	std::string name = btf__name_by_offset(btf, section->name_off);
	if (!holds_variables(name))
		return;
	bool is_marker = name == ".millrace";
	const btf_var_secinfo *entry = btf_var_secinfos(section);
	for (uint32_t i = 0; i < btf_vlen(section); i++, entry++) {
		const btf_type *variable = btf__type_by_id(btf, entry->type);
		if (!variable || !btf_is_var(variable))
			continue;
		auto lines =
			layout_of(btf, is_marker ? pointee(btf, variable->type) : variable->type);
		variables.Set(variables.Length(),
			      row(env, btf__name_by_offset(btf, variable->name_off), name,
				  entry->offset, entry->size,
				  lines_value(env, lines ? lines : LayoutLines())));
	}
}

} // namespace

Napi::Object describe_object(Napi::Env env, const ObjectFile &file, Handle handle)
{
	const btf *btf = bpf_object__btf(file.get());
	Napi::Array maps = Napi::Array::New(env);
	for (const ObjectFile::NamedMap &entry : file.maps())
		maps.Set(maps.Length(), describe_map(env, btf, entry));

	Napi::Array programs = Napi::Array::New(env);
	const bpf_program *program = nullptr;
	while ((program = bpf_object__next_program(file.get(), const_cast<bpf_program *>(program))))
		programs.Set(programs.Length(), describe_program(env, program));

	Napi::Array variables = Napi::Array::New(env);
	for (uint32_t id = 1; btf && id < btf__type_cnt(btf); id++) {
		const btf_type *type = btf__type_by_id(btf, id);
		if (btf_is_datasec(type))
			describe_section(env, btf, type, variables);
	}

	Napi::Object result = Napi::Object::New(env);
	result.Set("handle", handle);
	result.Set("maps", maps);
	result.Set("programs", programs);
	result.Set("variables", variables);
	return result;
}

} // namespace millrace
