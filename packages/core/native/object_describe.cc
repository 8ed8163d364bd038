// SPDX-License-Identifier: Apache-2.0
#include <bpf/btf.h>

#include "btf_layout.h"
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

/**
 * Words, each ended by a zero byte, which none of them holds. In front of each member of a list
 * there is a 1, behind the last a 0. All is one string, since every value that is handed to the
 * engine costs more than it costs there to take a word out of a string.
 */
class Words
{
public:
	Words &operator<<(std::string_view word)
	{
		text_.append(word).push_back('\0');
		return *this;
	}
	Words &operator<<(uint64_t number)
	{
		return *this << std::to_string(number);
	}
	Words &operator<<(const std::optional<LayoutLines> &lines)
	{
		*this << lines.has_value();
		for (const std::string &line : lines ? *lines : LayoutLines())
			*this << true << line;
		return lines ? *this << false : *this;
	}

	const std::string &text() const
	{
		return text_;
	}

private:
	std::string text_;
};

bool holds_maps(const bpf_map *map)
{
	bpf_map_type type = bpf_map__type(map);
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

void describe_map(Words &words, const btf *btf, const ObjectFile::NamedMap &entry)
{
	const bpf_map *map = entry.map;
	const char *pin_path = bpf_map__pin_path(map);
	bool internal = bpf_map__is_internal(map);
	// The value of an internal map is a whole section: its variables are listed one by one.
	auto layout = [&](uint32_t type) {
		return internal || !btf || !type ? std::nullopt : layout_of(btf, type);
	};
	bpf_map *held = holds_maps(map) ? bpf_map__inner_map(entry.map) : nullptr;
	words << entry.name << bpf_map__type(map) << bpf_map__key_size(map)
	      << bpf_map__value_size(map) << bpf_map__max_entries(map) << bpf_map__map_flags(map)
	      << (pin_path ? pin_path : "") << internal << is_filled(btf, entry)
	      << layout(bpf_map__btf_key_type_id(map)) << layout(bpf_map__btf_value_type_id(map))
	      << (held != nullptr);
	if (held)
		describe_map(words, btf, {bpf_map__name(held), held});
}

void describe_program(Words &words, const bpf_program *program)
{
	words << bpf_program__name(program) << bpf_program__section_name(program)
	      << bpf_program__type(program) << bpf_program__expected_attach_type(program)
	      << bpf_program__autoload(program) << bpf_program__flags(program);
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

void describe_section(Words &words, const btf *btf, const btf_type *section)
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
		words << true << btf__name_by_offset(btf, variable->name_off) << name
		      << entry->offset << entry->size
		      << layout_of(btf, is_marker ? pointee(btf, variable->type) : variable->type);
	}
}

} // namespace

std::string describe_object(const ObjectFile &file)
{
	const btf *btf = bpf_object__btf(file.get());
	Words words;
	for (const ObjectFile::NamedMap &entry : file.maps())
		describe_map(words << true, btf, entry);
	words << false;

	const bpf_program *program = nullptr;
	while ((program = bpf_object__next_program(file.get(), const_cast<bpf_program *>(program))))
		describe_program(words << true, program);
	words << false;

	for (uint32_t id = 1; btf && id < btf__type_cnt(btf); id++) {
		const btf_type *type = btf__type_by_id(btf, id);
		if (btf_is_datasec(type))
			describe_section(words, btf, type);
	}
	words << false;
	return words.text();
}

} // namespace millrace
