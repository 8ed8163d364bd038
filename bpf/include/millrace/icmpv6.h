// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_ICMPV6_H
#define MILLRACE_ICMPV6_H

#include <millrace/cursor.h>
#include <millrace/types.h>

/* RFC 4443; neighbour discovery: RFC 4861. */
struct mr_icmpv6_header {
	/* MR_ICMPV6_* */
	__u8 type;
	__u8 code;
	/* over the pseudo-header too, unlike ICMP's */
	__be16 checksum;
	union {
		/* echo request and reply */
		struct {
			__be16 id;
			__be16 sequence;
		} echo;
		/* packet too big: bytes, network byte order */
		__be32 mtu;
		/* parameter problem: byte at fault, network byte order */
		__be32 pointer;
		/* neighbour discovery: flags of an advertisement */
		__be32 flags;
	};
};

#define MR_ICMPV6_UNREACHABLE		  1
#define MR_ICMPV6_PACKET_TOO_BIG	  2
#define MR_ICMPV6_TIME_EXCEEDED		  3
#define MR_ICMPV6_PARAMETER_PROBLEM	  4
#define MR_ICMPV6_ECHO			  128
#define MR_ICMPV6_ECHO_REPLY		  129
#define MR_ICMPV6_ROUTER_SOLICITATION	  133
#define MR_ICMPV6_ROUTER_ADVERTISEMENT	  134
#define MR_ICMPV6_NEIGHBOUR_SOLICITATION  135
#define MR_ICMPV6_NEIGHBOUR_ADVERTISEMENT 136
#define MR_ICMPV6_REDIRECT		  137

/* Whether the message is about another datagram, whose start follows the header (RFC 4443, 2.1). */
static __always_inline bool mr_icmpv6_is_error(__u8 type)
{
	return type < 128;
}

/* Whether it is neighbour discovery: a filter that drops these cuts its network off (RFC 4890). */
static __always_inline bool mr_icmpv6_is_discovery(__u8 type)
{
	return type >= MR_ICMPV6_ROUTER_SOLICITATION && type <= MR_ICMPV6_REDIRECT;
}

/* Takes the ICMPv6 header, 8 bytes. NULL: MR_TRUNCATED, MR_NONLINEAR. */
static __always_inline struct mr_icmpv6_header *mr_parse_icmpv6(struct mr_cursor *cursor)
{
	return mr_take(cursor, sizeof(struct mr_icmpv6_header));
}

#endif
