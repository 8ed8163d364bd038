// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_UDP_H
#define MILLRACE_UDP_H

#include <millrace/cursor.h>

/* RFC 768. */
struct mr_udp_header {
	__be16 source;
	__be16 destination;
	/* bytes of header and payload, network byte order */
	__be16 length;
	/* 0 over IPv4: none was computed */
	__be16 checksum;
};

/*
 * Takes the UDP header, 8 bytes. NULL: MR_TRUNCATED, MR_NONLINEAR, MR_MALFORMED (a length below 8).
 * The length is not compared with the datagram's: in the first of several fragments it is rightly
 * greater.
 */
static __always_inline struct mr_udp_header *mr_parse_udp(struct mr_cursor *cursor)
{
	struct mr_udp_header *udp = mr_take(cursor, sizeof(*udp));

	if (udp && bpf_ntohs(udp->length) < sizeof(*udp))
		return mr_malformed(cursor);
	return udp;
}

#endif
