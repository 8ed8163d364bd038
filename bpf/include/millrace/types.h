// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_TYPES_H
#define MILLRACE_TYPES_H

/*
 * Types that bpf2ts knows by these names. Addresses come to TypeScript as
 * strings: "192.0.2.1", "2001:db8::1", "02:00:00:00:00:01". All are in network byte order, as on
 * the wire.
 */

#include <linux/types.h>

/* IPv4 address, network byte order (RFC 791). */
typedef __be32 ipv4_t;

/*
 * IPv6 address, network byte order (RFC 4291). Alignment 1, so that it fits anywhere in a struct.
 */
typedef struct {
	__u8 bytes[16];
} ipv6_t;

/* Ethernet address (IEEE 802), in the order sent. */
typedef struct {
	__u8 bytes[6];
} mac_t;

/*
 * 64 bits that TypeScript sees as a number instead of a bigint: for what stays below 2^53, as a
 * clock in nanoseconds does for 104 days and a count of bytes for 8 PiB. A larger value is an error
 * when it is read.
 */
typedef __u64 u64_number_t;

/*
 * Either family's address in one place. The words give it alignment 4, so that copies and
 * comparisons take four instructions instead of sixteen. An IPv4 address leaves words 1 to 3 zero.
 */
union mr_address {
	ipv4_t ipv4;
	ipv6_t ipv6;
	__be32 words[4];
};

#endif
