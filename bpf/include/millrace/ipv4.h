// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_IPV4_H
#define MILLRACE_IPV4_H

#include <linux/in.h>
#include <millrace/cursor.h>
#include <millrace/options.h>
#include <millrace/types.h>

/* RFC 791 section 3.1, without the options. */
struct mr_ipv4_header {
	/* version in the high four bits, header length in 32-bit words in the low four */
	__u8 version_ihl;
	/* DSCP (RFC 2474) in the high six bits, ECN (RFC 3168) in the low two */
	__u8 tos;
	/* bytes of header and payload, network byte order */
	__be16 length;
	__be16 id;
	/* MR_IPV4_* bits and the offset in 8-byte units, network byte order */
	__be16 fragment;
	/* hops */
	__u8 ttl;
	/* IPPROTO_* */
	__u8 protocol;
	__be16 checksum;
	ipv4_t source;
	ipv4_t destination;
};

/* Bits of the fragment field, host byte order. */
#define MR_IPV4_DONT_FRAGMENT  0x4000
#define MR_IPV4_MORE_FRAGMENTS 0x2000
#define MR_IPV4_OFFSET_MASK    0x1fff

/*
 * Bytes of the header with its options, 0 to 60; 20 to 60 in a header that mr_parse_ipv4()
 * accepted.
 */
static __always_inline __u32 mr_ipv4_header_length(const struct mr_ipv4_header *ip)
{
	return (ip->version_ihl & 0x0f) * 4;
}

/* Bytes from the start of the datagram's payload to this fragment's, 0 to 65528. */
static __always_inline __u32 mr_ipv4_fragment_offset(const struct mr_ipv4_header *ip)
{
	return (bpf_ntohs(ip->fragment) & MR_IPV4_OFFSET_MASK) * 8;
}

/* Whether this is a piece of a datagram: the first, a middle or the last one. */
static __always_inline bool mr_ipv4_is_fragment(const struct mr_ipv4_header *ip)
{
	return ip->fragment & bpf_htons(MR_IPV4_MORE_FRAGMENTS | MR_IPV4_OFFSET_MASK);
}

/*
 * Takes the IPv4 header with its options, 20 to 60 bytes, and ends the cursor where the datagram
 * ends. NULL: MR_TRUNCATED (also when the frame is shorter than the datagram), MR_NONLINEAR,
 * MR_MALFORMED (version, lengths). The checksum is not verified: mr_ipv4_checksum() in checksum.h
 * does.
 */
static __always_inline struct mr_ipv4_header *mr_parse_ipv4(struct mr_cursor *cursor)
{
	__u64 available = mr_remaining(cursor);
	struct mr_ipv4_header *ip = mr_take(cursor, sizeof(*ip));
	__u64 header_length, length;

	if (!ip)
		return NULL;
	header_length = mr_ipv4_header_length(ip);
	if (ip->version_ihl >> 4 != 4 || header_length < sizeof(*ip))
		return mr_malformed(cursor);
	length = bpf_ntohs(ip->length);
	/* The kernel's own segments above 64 KiB (BIG TCP, Linux 6.3) have length 0. */
	if (!length && available > 0xffff)
		length = available;
	if (length < header_length)
		return mr_malformed(cursor);
	if (length > available) {
		cursor->status = MR_TRUNCATED;
		return NULL;
	}
	MR_FORGET(length, available);
	cursor->length -= available - length;
	if (!mr_take(cursor, header_length - sizeof(*ip)))
		return NULL;
	mr_settle(cursor);
	return ip;
}

/*
 * The bit of an option in what mr_parse_ipv4_options() tells: its number is the kind's low 5 bits.
 */
#define MR_IPV4_OPTION(kind) (1u << ((kind) & 31))

#define MR_IPV4_RECORD_ROUTE MR_IPV4_OPTION(7)
#define MR_IPV4_TIMESTAMP    MR_IPV4_OPTION(68)
/* The sender chooses the way: routers drop both kinds by default (RFC 7126). */
#define MR_IPV4_LOOSE_SOURCE_ROUTE  MR_IPV4_OPTION(131)
#define MR_IPV4_STRICT_SOURCE_ROUTE MR_IPV4_OPTION(137)
/* Every router is to look at the datagram, as with IGMP and RSVP (RFC 2113). */
#define MR_IPV4_ROUTER_ALERT MR_IPV4_OPTION(148)

/*
 * Sets `*present` to the MR_IPV4_OPTION() bits of the options of a header that mr_parse_ipv4() took
 * from `cursor`. False: MR_MALFORMED (a length is wrong), with those in front of it told.
 */
static __always_inline bool mr_parse_ipv4_options(struct mr_cursor *cursor,
						  const struct mr_ipv4_header *ip, __u32 *present)
{
	struct mr_options walk =
		mr_options(cursor, ip + 1, mr_ipv4_header_length(ip) - sizeof(*ip), ip->source);
	const __u8 *option;

	*present = 0;
	MR_FORGET(*present, ip->source);
	MR_UNROLL(8)
	for (int i = 0; i < MR_MAX_OPTIONS; i++) {
		option = mr_next_option(&walk);
		if (!option)
			break;
		if (*option != MR_OPTION_NOP)
			*present |= MR_IPV4_OPTION(*option);
	}
	cursor->status = walk.status;
	return walk.status == MR_OK;
}

#endif
