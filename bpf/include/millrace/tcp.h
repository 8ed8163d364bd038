// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_TCP_H
#define MILLRACE_TCP_H

#include <millrace/cursor.h>
#include <millrace/options.h>

/* RFC 9293 section 3.1, without the options. */
struct mr_tcp_header {
	__be16 source;
	__be16 destination;
	__be32 sequence;
	__be32 acknowledgement;
	/* header length in 32-bit words in the high four bits */
	__u8 offset;
	/* MR_TCP_* bits */
	__u8 flags;
	__be16 window;
	__be16 checksum;
	__be16 urgent;
};

#define MR_TCP_FIN 0x01
#define MR_TCP_SYN 0x02
#define MR_TCP_RST 0x04
#define MR_TCP_PSH 0x08
#define MR_TCP_ACK 0x10
#define MR_TCP_URG 0x20
#define MR_TCP_ECE 0x40
#define MR_TCP_CWR 0x80

/*
 * Bytes of the header with its options, 0 to 60; 20 to 60 in a header that mr_parse_tcp() accepted.
 */
static __always_inline __u32 mr_tcp_header_length(const struct mr_tcp_header *tcp)
{
	return (tcp->offset >> 4) * 4;
}

/*
 * Takes the TCP header with its options, 20 to 60 bytes. NULL: MR_TRUNCATED, MR_NONLINEAR,
 * MR_MALFORMED (offset).
 */
static __always_inline struct mr_tcp_header *mr_parse_tcp(struct mr_cursor *cursor)
{
	struct mr_tcp_header *tcp = mr_take(cursor, sizeof(*tcp));
	__u32 length;

	if (!tcp)
		return NULL;
	length = mr_tcp_header_length(tcp);
	if (length < sizeof(*tcp))
		return mr_malformed(cursor);
	if (!mr_take(cursor, length - sizeof(*tcp)))
		return NULL;
	return tcp;
}

/* Kinds of options. */
#define MR_TCP_OPTION_MSS	     2
#define MR_TCP_OPTION_WINDOW_SCALE   3
#define MR_TCP_OPTION_SACK_PERMITTED 4
#define MR_TCP_OPTION_TIMESTAMPS     8

/* Their sizes in bytes, kind and length included, 4 bits for each kind from 0 on. */
#define MR_TCP_OPTION_SIZES 0xa00023400ULL

/* Bits of mr_tcp_options.present. */
#define MR_TCP_HAS_MSS		  (1u << MR_TCP_OPTION_MSS)
#define MR_TCP_HAS_WINDOW_SCALE	  (1u << MR_TCP_OPTION_WINDOW_SCALE)
#define MR_TCP_HAS_SACK_PERMITTED (1u << MR_TCP_OPTION_SACK_PERMITTED)
#define MR_TCP_HAS_TIMESTAMPS	  (1u << MR_TCP_OPTION_TIMESTAMPS)

/* What the options say; a field whose bit is not set is 0. */
struct mr_tcp_options {
	/* timestamp value and echo reply, network byte order (RFC 7323) */
	__be32 timestamp;
	__be32 timestamp_echo;
	/* MR_TCP_HAS_* */
	__u16 present;
	/* maximum segment size, bytes, host byte order (RFC 9293) */
	__u16 mss;
	/* shift count as sent; those above 14 mean 14 (RFC 7323) */
	__u8 window_scale;
};

/* Reads one option; one of a wrong length counts as absent, as in the kernel. */
static __always_inline void mr_tcp_option(const struct mr_options *walk, const __u8 *option,
					  struct mr_tcp_options *options)
{
	const __be32 *timestamps;
	const __be16 *mss;
	const __u8 *shift;
	__u64 kind = *option;

	if (kind > MR_TCP_OPTION_TIMESTAMPS ||
	    walk->size != (MR_TCP_OPTION_SIZES >> (kind * 4) & 0xf))
		return;
	/* In front of the cases: the verifier then need not tell apart which options it has met. */
	options->present |= 1u << kind;
	MR_OPAQUE(options->present);
	switch (kind) {
	case MR_TCP_OPTION_MSS:
		mss = mr_within(option + 2, sizeof(*mss), walk->end);
		if (mss)
			options->mss = bpf_ntohs(*mss);
		break;
	case MR_TCP_OPTION_WINDOW_SCALE:
		shift = mr_within(option + 2, sizeof(*shift), walk->end);
		if (shift)
			options->window_scale = *shift;
		break;
	case MR_TCP_OPTION_TIMESTAMPS:
		timestamps = mr_within(option + 2, 2 * sizeof(*timestamps), walk->end);
		if (timestamps) {
			options->timestamp = timestamps[0];
			options->timestamp_echo = timestamps[1];
		}
		break;
	default:
		break;
	}
}

/*
 * Reads the options of a header that mr_parse_tcp() took from `cursor`. False: MR_MALFORMED (a
 * length is wrong), with those in front of it read. Where one is repeated, the last counts.
 */
static __always_inline bool mr_parse_tcp_options(struct mr_cursor *cursor,
						 const struct mr_tcp_header *tcp,
						 struct mr_tcp_options *options)
{
	struct mr_options walk = mr_options(
		cursor, tcp + 1, mr_tcp_header_length(tcp) - sizeof(*tcp), tcp->sequence);
	struct mr_tcp_options none = {};
	const __u8 *option;

	*options = none;
	MR_FORGET(options->present, tcp->sequence);
	MR_UNROLL(8)
	for (int i = 0; i < MR_MAX_OPTIONS; i++) {
		option = mr_next_option(&walk);
		if (!option)
			break;
		mr_tcp_option(&walk, option, options);
	}
	cursor->status = walk.status;
	return walk.status == MR_OK;
}

#endif
