// SPDX-License-Identifier: Apache-2.0
#include "netlink_message.h"

#include <algorithm>
#include <linux/netlink.h>

namespace millrace
{

namespace
{

/** Messages and attributes begin at multiples of this. */
constexpr size_t aligned(size_t size)
{
	return (size + NLMSG_ALIGNTO - 1) & ~static_cast<size_t>(NLMSG_ALIGNTO - 1);
}

} // namespace

NetlinkRequest::NetlinkRequest(uint16_t type, uint16_t flags, Bytes family_header)
{
	nlmsghdr header = {};
	header.nlmsg_type = type;
	header.nlmsg_flags = flags | NLM_F_REQUEST;
	append(bytes_of(header));
	append(family_header);
}

void NetlinkRequest::append(Bytes bytes)
{
	if (overflown_ || aligned(bytes.size()) > buffer_.size() - size_) {
		overflown_ = true;
		return;
	}
	std::copy(bytes.begin(), bytes.end(), buffer_.begin() + size_);
	size_ += aligned(bytes.size());
}

void NetlinkRequest::put(uint16_t type, Bytes payload)
{
	// A length has 16 bits; what is longer has no room here anyway.
	nlattr header = {
		.nla_len = static_cast<uint16_t>(
			std::min(NLA_HDRLEN + payload.size(), static_cast<size_t>(UINT16_MAX))),
		.nla_type = type,
	};
	append(bytes_of(header));
	append(payload);
}

void NetlinkRequest::put_number(uint16_t type, uint32_t value)
{
	put(type, bytes_of(value));
}

void NetlinkRequest::put_text(uint16_t type, std::string_view text)
{
	std::string terminated(text);
	put(type, std::as_bytes(std::span(terminated.c_str(), terminated.size() + 1)));
}

size_t NetlinkRequest::open(uint16_t type)
{
	size_t opened = size_;
	put(type, {});
	return opened;
}

void NetlinkRequest::close(size_t opened)
{
	if (overflown_)
		return;
	auto length = static_cast<uint16_t>(size_ - opened);
	std::ranges::copy(bytes_of(length), buffer_.begin() + opened + offsetof(nlattr, nla_len));
}

std::optional<Bytes> NetlinkRequest::finish(uint32_t sequence)
{
	if (overflown_)
		return {};
	auto length = static_cast<uint32_t>(size_);
	std::ranges::copy(bytes_of(length), buffer_.begin() + offsetof(nlmsghdr, nlmsg_len));
	std::ranges::copy(bytes_of(sequence), buffer_.begin() + offsetof(nlmsghdr, nlmsg_seq));
	return Bytes(buffer_).first(size_);
}

std::optional<Bytes> find_attribute(Bytes attributes, uint16_t type)
{
	while (auto header = struct_of<nlattr>(attributes)) {
		size_t length = header->nla_len;
		if (length < NLA_HDRLEN || length > attributes.size())
			return {};
		if ((header->nla_type & NLA_TYPE_MASK) == type)
			return attributes.subspan(NLA_HDRLEN, length - NLA_HDRLEN);
		attributes = attributes.subspan(std::min(aligned(length), attributes.size()));
	}
	return {};
}

uint32_t number_of(const std::optional<Bytes> &payload)
{
	return payload ? struct_of<uint32_t>(*payload).value_or(0) : 0;
}

std::string text_of(const std::optional<Bytes> &payload)
{
	if (!payload)
		return "";
	std::string_view text(reinterpret_cast<const char *>(payload->data()), payload->size());
	return std::string(text.substr(0, text.find('\0')));
}

} // namespace millrace
