// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace millrace
{

using Bytes = std::span<const std::byte>;

/** Any plain struct as bytes. */
template <typename Struct>
Bytes bytes_of(const Struct &value)
{
	return std::as_bytes(std::span(&value, 1));
}

/** A request to the kernel: a header, the header of its family, and attributes. */
class NetlinkRequest
{
public:
	NetlinkRequest(uint16_t type, uint16_t flags, Bytes family_header);

	void put(uint16_t type, Bytes payload);
	void put_number(uint16_t type, uint32_t value);
	/** With the zero that the kernel wants at the end. */
	void put_text(uint16_t type, std::string_view text);
	/** What is put until `close` is inside this attribute. */
	size_t open(uint16_t type);
	void close(size_t opened);

	/** Finished and numbered; nothing when more was put than there is room for. */
	std::optional<Bytes> finish(uint32_t sequence);

private:
	void append(Bytes bytes);

	/** Room for a filter with the longest name and kind there are. */
	alignas(8) std::array<std::byte, 1024> buffer_{};
	size_t size_ = 0;
	bool overflown_ = false;
};

/** Payload of the first attribute of this type; nothing behind one whose length cannot be. */
std::optional<Bytes> find_attribute(Bytes attributes, uint16_t type);

/** What an attribute says, where it is there and long enough; else 0 or ''. */
uint32_t number_of(const std::optional<Bytes> &payload);
std::string text_of(const std::optional<Bytes> &payload);

/** Copies a struct from the front of a message; nothing when that is too short. */
template <typename Struct>
std::optional<Struct> struct_of(Bytes bytes)
{
	if (bytes.size() < sizeof(Struct))
		return {};
	Struct value = {};
	memcpy(&value, bytes.data(), sizeof(Struct));
	return value;
}

/** What follows a struct and its padding. */
template <typename Struct>
Bytes behind(Bytes bytes)
{
	constexpr size_t size = (sizeof(Struct) + 3) & ~size_t{3};
	return bytes.size() < size ? Bytes() : bytes.subspan(size);
}

} // namespace millrace
