// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_ICMP_H
#define MILLRACE_ICMP_H

#include <millrace/cursor.h>
#include <millrace/types.h>

/* RFC 792. */
struct mr_icmp_header {
	/* MR_ICMP_* */
	__u8 type;
	__u8 code;
	__be16 checksum;
	union {
		/* echo request and reply */
		struct {
			__be16 id;
			__be16 sequence;
		} echo;
		/* fragmentation needed: of the next hop, bytes, network byte order (RFC 1191) */
		struct {
			__be16 unused;
			__be16 mtu;
		};
		/* redirect */
		ipv4_t gateway;
	};
};

#define MR_ICMP_ECHO_REPLY	  0
#define MR_ICMP_UNREACHABLE	  3
#define MR_ICMP_SOURCE_QUENCH	  4
#define MR_ICMP_REDIRECT	  5
#define MR_ICMP_ECHO		  8
#define MR_ICMP_TIME_EXCEEDED	  11
#define MR_ICMP_PARAMETER_PROBLEM 12

/* Code of MR_ICMP_UNREACHABLE that carries an MTU. */
#define MR_ICMP_FRAGMENTATION_NEEDED 4

/*
 * Whether the message is about another datagram, whose start follows the header (RFC 1122, 3.2.2).
 */
static __always_inline bool mr_icmp_is_error(__u8 type)
{
	return type == MR_ICMP_UNREACHABLE || type == MR_ICMP_SOURCE_QUENCH ||
	       type == MR_ICMP_REDIRECT || type == MR_ICMP_TIME_EXCEEDED ||
	       type == MR_ICMP_PARAMETER_PROBLEM;
}

/* Takes the ICMP header, 8 bytes. NULL: MR_TRUNCATED, MR_NONLINEAR. */
static __always_inline struct mr_icmp_header *mr_parse_icmp(struct mr_cursor *cursor)
{
	return mr_take(cursor, sizeof(struct mr_icmp_header));
}

#endif
