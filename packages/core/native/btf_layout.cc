// SPDX-License-Identifier: Apache-2.0
#include "btf_layout.h"

#include <bpf/btf.h>

namespace millrace
{

namespace
{

// Limits that no real type comes near: BTF out of a broken file may contain itself.
constexpr int max_depth = 32;
constexpr int max_visits = 100'000;
constexpr size_t max_text = 4 << 20;

/** A type with modifiers and typedefs taken off. */
struct Resolved {
	const btf_type *type;
	/** `be16`, `be32` or `be64` when one of the typedefs was `__be16` ..., else empty */
	std::string big_endian;
};

std::optional<Resolved> resolve(const btf *btf, uint32_t id)
{
	std::string big_endian;
	for (int depth = 0; depth < max_depth; depth++) {
		const btf_type *type = btf__type_by_id(btf, id);
		if (!type)
			return {};
		if (!btf_is_mod(type) && !btf_is_typedef(type))
			return Resolved{type, big_endian};
		std::string name = btf__name_by_offset(btf, type->name_off);
		if (btf_is_typedef(type) &&
		    (name == "__be16" || name == "__be32" || name == "__be64"))
			big_endian = name.substr(2);
		id = type->type;
	}
	return {};
}

/** A struct that has bytes and names no member, as StorageTypes makes them: it tells its size
 * alone. */
bool is_opaque(const btf *btf, uint32_t id)
{
	auto resolved = resolve(btf, id);
	return resolved && btf_is_composite(resolved->type) && btf_vlen(resolved->type) == 0 &&
	       resolved->type->size > 0;
}

bool is_signed(const btf_type *type)
{
	if (btf_is_int(type))
		return btf_int_encoding(type) & BTF_INT_SIGNED;
	return btf_is_any_enum(type) && btf_kflag(type);
}

std::optional<std::string> leaf_type(const Resolved &resolved)
{
	const btf_type *type = resolved.type;
	std::string bits = std::to_string(type->size * 8);
	if (btf_is_ptr(type))
		return "ptr64";
	if (btf_is_float(type))
		return 'f' + bits;
	if (btf_is_int(type) && btf_int_encoding(type) & BTF_INT_BOOL)
		return "bool8";
	if (!resolved.big_endian.empty())
		return resolved.big_endian;
	if (btf_is_int(type) || btf_is_any_enum(type))
		return (is_signed(type) ? 'i' : 'u') + bits;
	return {};
}

class Writer
{
public:
	explicit Writer(const btf *btf) : btf_(btf)
	{
	}

	/** False when the type cannot be laid out. */
	bool value(uint32_t id, const std::string &path, uint64_t offset, int depth)
	{
		auto resolved = resolve(btf_, id);
		if (!resolved || ++visits_ > max_visits || depth > max_depth)
			return false;
		std::string indexed = path;
		bool is_array = btf_is_array(resolved->type);
		while (btf_is_array(resolved->type)) {
			const struct btf_array *array = ::btf_array(resolved->type);
			indexed.append("[").append(std::to_string(array->nelems)).append("]");
			resolved = resolve(btf_, array->type);
			if (!resolved || ++visits_ > max_visits || indexed.size() > max_text)
				return false;
		}
		if (!btf_is_composite(resolved->type)) {
			auto leaf = leaf_type(*resolved);
			return leaf && line(indexed, *leaf, offset);
		}
		if (is_array &&
		    !line(indexed, "struct" + std::to_string(resolved->type->size), offset))
			return false;
		return members(resolved->type, indexed == "*" ? "" : indexed + ".", offset,
			       depth + 1);
	}

	LayoutLines lines;

private:
	bool members(const btf_type *record, const std::string &prefix, uint64_t start, int depth)
	{
		if (depth > max_depth)
			return false;
		const btf_member *member = btf_members(record);
		for (uint32_t i = 0; i < btf_vlen(record); i++, member++) {
			if (++visits_ > max_visits)
				return false;
			std::string name = btf__name_by_offset(btf_, member->name_off);
			if (!this->member(record, i, prefix, name, start, depth))
				return false;
		}
		return true;
	}

	bool member(const btf_type *record, uint32_t index, const std::string &prefix,
		    const std::string &name, uint64_t start, int depth)
	{
		const btf_member &member = btf_members(record)[index];
		uint64_t offset = start + btf_member_bit_offset(record, index);
		auto resolved = resolve(btf_, member.type);
		if (!resolved)
			return false;
		const btf_type *type = resolved->type;
		uint32_t bits = btf_member_bitfield_size(record, index);
		// The older form of a bit-field has its width, and a shift, in an integer type made
		// for it.
		if (!bits && btf_is_int(type) &&
		    (btf_int_bits(type) != type->size * 8 || btf_int_offset(type) != 0)) {
			bits = btf_int_bits(type);
			offset += btf_int_offset(type);
		}
		if (bits)
			return line(prefix + name,
				    (is_signed(type) ? 'i' : 'u') + std::to_string(bits), offset);
		if (!name.empty())
			return value(member.type, prefix + name, offset, depth);
		// Members of an anonymous struct or union count as their parent's own.
		return !btf_is_composite(type) || members(type, prefix, offset, depth + 1);
	}

	bool line(const std::string &path, const std::string &type, uint64_t offset)
	{
		lines.push_back(path + " " + type + " @" + std::to_string(offset));
		text_ += lines.back().size();
		return text_ <= max_text;
	}

	const btf *btf_;
	int visits_ = 0;
	size_t text_ = 0;
};

} // namespace

std::optional<LayoutLines> layout_of(const btf *btf, uint32_t type_id)
{
	int64_t size = btf__resolve_size(btf, type_id);
	if (size < 0 || is_opaque(btf, type_id))
		return {};
	Writer writer(btf);
	writer.lines.push_back("size " + std::to_string(size));
	if (!writer.value(type_id, "*", 0, 0))
		return {};
	return std::move(writer.lines);
}

} // namespace millrace
