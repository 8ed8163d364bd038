// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_IPV6_H
#define MILLRACE_IPV6_H

#include <linux/in.h>
#include <linux/in6.h>
#include <millrace/cursor.h>
#include <millrace/types.h>

/* RFC 8200 section 3. */
struct mr_ipv6_header {
	/* version (4 bits), traffic class (8), flow label (20), network byte order */
	__be32 version_class_label;
	/* bytes behind this header, extension headers included, network byte order */
	__be16 payload_length;
	/* IPPROTO_*, of an extension header or of the upper layer */
	__u8 next_header;
	/* hops */
	__u8 hop_limit;
	ipv6_t source;
	ipv6_t destination;
};

/* Extension headers that mr_parse_ipv6_extensions() follows. */
#define MR_MAX_EXTENSIONS 8

/* RFC 8200 section 4.5: the fragment header's two fields. */
struct mr_ipv6_fragment {
	/* the same in every fragment of a datagram, network byte order */
	__be32 id;
	/* bytes from the start of the fragmentable part, 0 to 65528 */
	__u16 offset;
	bool more;
	/*
	 * there is a fragment header; with offset 0 and no more, the datagram is whole (RFC 6946)
	 */
	bool present;
};

/* Differentiated services and ECN, as the IPv4 header's `tos`. */
static __always_inline __u8 mr_ipv6_traffic_class(const struct mr_ipv6_header *ip)
{
	return bpf_ntohl(ip->version_class_label) >> 20;
}

/* Flow label, 20 bits, host byte order (RFC 6437). */
static __always_inline __u32 mr_ipv6_flow_label(const struct mr_ipv6_header *ip)
{
	return bpf_ntohl(ip->version_class_label) & 0xfffff;
}

/*
 * Takes the fixed header, 40 bytes, and ends the cursor where the datagram ends. NULL: MR_TRUNCATED
 * (also when the frame is shorter than the datagram), MR_NONLINEAR, MR_MALFORMED (version).
 */
static __always_inline struct mr_ipv6_header *mr_parse_ipv6(struct mr_cursor *cursor)
{
	struct mr_ipv6_header *ip = mr_take(cursor, sizeof(*ip));
	__u64 available, length;

	if (!ip)
		return NULL;
	if (bpf_ntohl(ip->version_class_label) >> 28 != 6)
		return mr_malformed(cursor);
	available = mr_remaining(cursor);
	length = bpf_ntohs(ip->payload_length);
	/*
	 * Jumbograms (RFC 2675) and the kernel's own segments above 64 KiB (BIG TCP, Linux 5.19).
	 */
	if (!length && available > 0xffff)
		length = available;
	if (length > available) {
		cursor->status = MR_TRUNCATED;
		return NULL;
	}
	MR_FORGET(length, available);
	cursor->length -= available - length;
	return ip;
}

/*
 * Whether extension headers of this kind are followed. ESP is not: what is behind it is encrypted.
 */
static __always_inline bool mr_ipv6_is_extension(__u8 protocol)
{
	return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING ||
	       protocol == IPPROTO_FRAGMENT || protocol == IPPROTO_DSTOPTS ||
	       protocol == IPPROTO_AH;
}

/* Takes one extension header of kind `*protocol`, which becomes the kind of the one behind it. */
static __always_inline bool mr_parse_ipv6_extension(struct mr_cursor *cursor, __u8 *protocol,
						    struct mr_ipv6_fragment *fragment)
{
	/* Every kind has at least 8 bytes and begins with the next header's kind and a length. */
	const struct {
		__u8 next_header;
		__u8 length;
		__be16 offset;
		__be32 id;
	} *header = mr_take(cursor, 8);
	__u64 rest;

	if (!header)
		return false;
	rest = header->length * 8ULL;
	if (*protocol == IPPROTO_AH) {
		/* RFC 4302 section 2.2: 32-bit words less two, the fixed part being three */
		if (!header->length)
			return mr_malformed(cursor);
		rest = header->length * 4ULL;
	} else if (*protocol == IPPROTO_FRAGMENT) {
		if (fragment->present)
			return mr_malformed(cursor);
		fragment->present = true;
		fragment->id = header->id;
		fragment->offset = bpf_ntohs(header->offset) & 0xfff8;
		fragment->more = bpf_ntohs(header->offset) & 1;
		rest = 0;
	}
	MR_FORGET(rest, header->id);
	*protocol = header->next_header;
	return mr_take(cursor, rest & 0x7fc);
}

/*
 * Takes the extension headers that follow: hop-by-hop, routing, fragment, destination options,
 * authentication; up to the upper layer's header, or up to the data of a fragment that is not the
 * first. `*protocol` is the fixed header's next_header and becomes the kind of what follows.
 * False: MR_TRUNCATED, MR_NONLINEAR, MR_MALFORMED (hop-by-hop that is not first, two fragment
 * headers, an authentication header without its fixed part), MR_TOO_DEEP.
 */
static __always_inline bool mr_parse_ipv6_extensions(struct mr_cursor *cursor, __u8 *protocol,
						     struct mr_ipv6_fragment *fragment)
{
	struct mr_ipv6_fragment none = {};

	*fragment = none;
	MR_UNROLL(2)
	for (int i = 0; i < MR_MAX_EXTENSIONS; i++) {
		if (!mr_ipv6_is_extension(*protocol) || fragment->offset)
			break;
		if (*protocol == IPPROTO_HOPOPTS && i)
			return mr_malformed(cursor);
		if (!mr_parse_ipv6_extension(cursor, protocol, fragment))
			return false;
	}
	if (mr_ipv6_is_extension(*protocol) && !fragment->offset) {
		cursor->status = MR_TOO_DEEP;
		return false;
	}
	mr_settle(cursor);
	return true;
}

#endif
