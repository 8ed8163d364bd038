// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_ADDRESS_H
#define MILLRACE_ADDRESS_H

/*
 * Questions about addresses. IPv6 and Ethernet addresses are read in words of 4 and 2 bytes: on
 * the stack they must be aligned to that, which they are in a struct with such a field before them
 * and in union mr_address; elsewhere (packets, map values) any place will do.
 */

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <millrace/types.h>

/* Words of an address; may_alias, as they are read through a pointer to bytes. */
typedef __be32 __attribute__((may_alias)) mr_word_t;
typedef __be16 __attribute__((may_alias)) mr_half_t;

/* The network mask of a prefix, network byte order; `length` is 0 to 32 bits, more counts as 32. */
static __always_inline __be32 mr_prefix_mask(__u32 length)
{
	if (!length)
		return 0;
	return length >= 32 ? 0xffffffff : bpf_htonl(~(0xffffffff >> length));
}

/*
 * Whether `address` is in `network`/`length` (RFC 4632); bits of the network behind `length` do not
 * matter.
 */
static __always_inline bool mr_ipv4_in_prefix(ipv4_t address, ipv4_t network, __u32 length)
{
	return !((address ^ network) & mr_prefix_mask(length));
}

/* 0.0.0.0 */
static __always_inline bool mr_ipv4_is_unspecified(ipv4_t address)
{
	return !address;
}

/* 127.0.0.0/8 (RFC 1122) */
static __always_inline bool mr_ipv4_is_loopback(ipv4_t address)
{
	return mr_ipv4_in_prefix(address, bpf_htonl(0x7f000000), 8);
}

/* 224.0.0.0/4 (RFC 1112) */
static __always_inline bool mr_ipv4_is_multicast(ipv4_t address)
{
	return mr_ipv4_in_prefix(address, bpf_htonl(0xe0000000), 4);
}

/* 255.255.255.255; the broadcast addresses of subnets need their prefix */
static __always_inline bool mr_ipv4_is_broadcast(ipv4_t address)
{
	return address == 0xffffffff;
}

/* 169.254.0.0/16 (RFC 3927) */
static __always_inline bool mr_ipv4_is_link_local(ipv4_t address)
{
	return mr_ipv4_in_prefix(address, bpf_htonl(0xa9fe0000), 16);
}

/* 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 (RFC 1918) */
static __always_inline bool mr_ipv4_is_private(ipv4_t address)
{
	return mr_ipv4_in_prefix(address, bpf_htonl(0x0a000000), 8) ||
	       mr_ipv4_in_prefix(address, bpf_htonl(0xac100000), 12) ||
	       mr_ipv4_in_prefix(address, bpf_htonl(0xc0a80000), 16);
}

/* Whether both are the same IPv6 address. */
static __always_inline bool mr_ipv6_equal(const ipv6_t *a, const ipv6_t *b)
{
	const mr_word_t *x = (const mr_word_t *)a, *y = (const mr_word_t *)b;

	return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]));
}

/*
 * Whether `address` is in `network`/`length`, 0 to 128 bits; bits of the network behind it do not
 * matter.
 */
static __always_inline bool mr_ipv6_in_prefix(const ipv6_t *address, const ipv6_t *network,
					      __u32 length)
{
	const mr_word_t *x = (const mr_word_t *)address, *y = (const mr_word_t *)network;

	return !(((x[0] ^ y[0]) & mr_prefix_mask(length)) |
		 ((x[1] ^ y[1]) & mr_prefix_mask(length > 32 ? length - 32 : 0)) |
		 ((x[2] ^ y[2]) & mr_prefix_mask(length > 64 ? length - 64 : 0)) |
		 ((x[3] ^ y[3]) & mr_prefix_mask(length > 96 ? length - 96 : 0)));
}

/* :: */
static __always_inline bool mr_ipv6_is_unspecified(const ipv6_t *address)
{
	const mr_word_t *word = (const mr_word_t *)address;

	return !(word[0] | word[1] | word[2] | word[3]);
}

/* ::1 */
static __always_inline bool mr_ipv6_is_loopback(const ipv6_t *address)
{
	const mr_word_t *word = (const mr_word_t *)address;

	return !(word[0] | word[1] | word[2] | (word[3] ^ bpf_htonl(1)));
}

/* ff00::/8 (RFC 4291) */
static __always_inline bool mr_ipv6_is_multicast(const ipv6_t *address)
{
	return address->bytes[0] == 0xff;
}

/* fe80::/10 (RFC 4291) */
static __always_inline bool mr_ipv6_is_link_local(const ipv6_t *address)
{
	return address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
}

/* fc00::/7, unique local addresses (RFC 4193) */
static __always_inline bool mr_ipv6_is_private(const ipv6_t *address)
{
	return (address->bytes[0] & 0xfe) == 0xfc;
}

/* ::ffff:0:0/96, an IPv4 address as an IPv6 one (RFC 4291): it must never be on the wire */
static __always_inline bool mr_ipv6_is_mapped(const ipv6_t *address)
{
	const mr_word_t *word = (const mr_word_t *)address;

	return !(word[0] | word[1] | (word[2] ^ bpf_htonl(0xffff)));
}

/* Whether both are the same Ethernet address. */
static __always_inline bool mr_mac_equal(const mac_t *a, const mac_t *b)
{
	const mr_half_t *x = (const mr_half_t *)a, *y = (const mr_half_t *)b;

	return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]));
}

/* The group bit (IEEE 802 clause 8.2): multicast, which broadcast is too */
static __always_inline bool mr_mac_is_multicast(const mac_t *address)
{
	return address->bytes[0] & 1;
}

/* ff:ff:ff:ff:ff:ff */
static __always_inline bool mr_mac_is_broadcast(const mac_t *address)
{
	const mr_half_t *half = (const mr_half_t *)address;

	return (half[0] & half[1] & half[2]) == 0xffff;
}

/* The local bit (IEEE 802 clause 8.4): not given out by a manufacturer */
static __always_inline bool mr_mac_is_local(const mac_t *address)
{
	return address->bytes[0] & 2;
}

#endif
