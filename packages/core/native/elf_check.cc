// SPDX-License-Identifier: Apache-2.0
#include "elf_check.h"

#include <cstring>
#include <elf.h>
#include <vector>

namespace millrace
{

namespace
{

#ifndef EM_BPF
#define EM_BPF 247
#endif

/** Far more than any map may hold; keeps sizes within the 32 bits that libbpf puts them in. */
constexpr uint64_t max_section_size = 1 << 30;

class ElfCheck
{
public:
	ElfCheck(const uint8_t *bytes, size_t length) : bytes_(bytes), length_(length)
	{
	}

	const char *problem()
	{
		if (const char *found = header_problem())
			return found;
		for (const Elf64_Shdr &section : sections_)
			if (const char *found = section_problem(section))
				return found;
		for (const Elf64_Shdr &section : sections_)
			if (const char *found = table_problem(section))
				return found;
		return nullptr;
	}

private:
	const char *header_problem()
	{
		Elf64_Ehdr header;
		if (length_ < sizeof(header))
			return "shorter than an ELF header";
		memcpy(&header, bytes_, sizeof(header));
		if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
			return "not an ELF file";
		const unsigned char order =
			__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
		if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != order)
			return "not a 64-bit ELF file of this machine's byte order";
		if (header.e_ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT)
			return "of an unknown ELF version";
		if (header.e_machine != EM_BPF)
			return "not compiled for BPF (clang -target bpf)";
		if (header.e_type != ET_REL)
			return "not a relocatable object file (clang -c)";
		if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_phnum != 0)
			return "has section headers of an unknown size, or program headers";
		if (header.e_shnum == 0 || header.e_shnum >= SHN_LORESERVE ||
		    header.e_shoff % 8 != 0 ||
		    !inside(header.e_shoff, uint64_t{header.e_shnum} * sizeof(Elf64_Shdr)))
			return "section headers lie outside the file";
		sections_.resize(header.e_shnum);
		memcpy(sections_.data(), bytes_ + header.e_shoff,
		       header.e_shnum * sizeof(Elf64_Shdr));
		if (!is_string_table(header.e_shstrndx))
			return "has no table of section names";
		names_ = header.e_shstrndx;
		return nullptr;
	}

	const char *section_problem(const Elf64_Shdr &section) const
	{
		if (section.sh_type == SHT_NULL)
			return nullptr;
		if (section.sh_size > max_section_size)
			return "a section is larger than 1 GiB";
		if (section.sh_type != SHT_NOBITS && !inside(section.sh_offset, section.sh_size))
			return "a section lies outside the file";
		if (section.sh_name >= sections_[names_].sh_size)
			return "a section's name lies outside the table of names";
		if ((section.sh_addralign & (section.sh_addralign - 1)) != 0)
			return "a section's alignment is no power of two";
		return nullptr;
	}

	/** Runs once every section is known to lie inside the file. */
	const char *table_problem(const Elf64_Shdr &section) const
	{
		switch (section.sh_type) {
		case SHT_SYMTAB:
			return symbols_problem(section);
		case SHT_REL:
			return relocations_problem(section);
		default:
			return nullptr;
		}
	}

	const char *symbols_problem(const Elf64_Shdr &section) const
	{
		if (section.sh_entsize != sizeof(Elf64_Sym) ||
		    section.sh_size % sizeof(Elf64_Sym) != 0)
			return "the symbol table is of an unknown form";
		if (!is_string_table(section.sh_link))
			return "the symbol table has no table of names";
		for (uint64_t i = 0; i < section.sh_size / sizeof(Elf64_Sym); i++) {
			auto symbol = entry<Elf64_Sym>(section, i);
			if (symbol.st_name >= sections_[section.sh_link].sh_size)
				return "a symbol's name lies outside the table of names";
			if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS ||
			    symbol.st_shndx == SHN_COMMON)
				continue;
			if (symbol.st_shndx >= sections_.size())
				return "a symbol is of a section that does not exist";
			uint64_t size = sections_[symbol.st_shndx].sh_size;
			if (symbol.st_value > size || symbol.st_size > size - symbol.st_value)
				return "a symbol lies outside its section";
		}
		return nullptr;
	}

	const char *relocations_problem(const Elf64_Shdr &section) const
	{
		if (section.sh_entsize != sizeof(Elf64_Rel) ||
		    section.sh_size % sizeof(Elf64_Rel) != 0)
			return "a relocation table is of an unknown form";
		if (section.sh_info >= sections_.size() || section.sh_link >= sections_.size() ||
		    sections_[section.sh_link].sh_type != SHT_SYMTAB)
			return "a relocation table belongs to no section or has no symbols";
		uint64_t symbols = sections_[section.sh_link].sh_size / sizeof(Elf64_Sym);
		uint64_t size = sections_[section.sh_info].sh_size;
		for (uint64_t i = 0; i < section.sh_size / sizeof(Elf64_Rel); i++) {
			auto relocation = entry<Elf64_Rel>(section, i);
			if (ELF64_R_SYM(relocation.r_info) >= symbols ||
			    relocation.r_offset >= size)
				return "a relocation lies outside its section, or has no symbol";
		}
		return nullptr;
	}

	bool inside(uint64_t offset, uint64_t size) const
	{
		return offset <= length_ && size <= length_ - offset;
	}

	/** Inside the file, of the right type, and ended by a zero, so that every name in it ends
	 * too. */
	bool is_string_table(uint32_t index) const
	{
		if (index >= sections_.size())
			return false;
		const Elf64_Shdr &section = sections_[index];
		return section.sh_type == SHT_STRTAB && section.sh_size > 0 &&
		       inside(section.sh_offset, section.sh_size) &&
		       bytes_[section.sh_offset + section.sh_size - 1] == 0;
	}

	template <typename Entry>
	Entry entry(const Elf64_Shdr &section, uint64_t index) const
	{
		Entry value;
		memcpy(&value, bytes_ + section.sh_offset + index * sizeof(Entry), sizeof(Entry));
		return value;
	}

	const uint8_t *bytes_;
	size_t length_;
	std::vector<Elf64_Shdr> sections_;
	uint32_t names_ = 0;
};

} // namespace

const char *elf_problem(const uint8_t *bytes, size_t length)
{
	return ElfCheck(bytes, length).problem();
}

} // namespace millrace
