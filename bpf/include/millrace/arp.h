// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_ARP_H
#define MILLRACE_ARP_H

#include <linux/if_ether.h>
#include <millrace/cursor.h>
#include <millrace/types.h>

/* RFC 826, for IPv4 over Ethernet. */
struct mr_arp_header {
	/* network byte order: 1 */
	__be16 hardware_type;
	/* network byte order: ETH_P_IP */
	__be16 protocol_type;
	__u8 hardware_length;
	__u8 protocol_length;
	/* MR_ARP_*, network byte order */
	__be16 operation;
	mac_t sender_mac;
	ipv4_t sender;
	mac_t target_mac;
	ipv4_t target;
} __attribute__((packed, aligned(2)));

/* Operations, host byte order. */
#define MR_ARP_REQUEST 1
#define MR_ARP_REPLY   2

/*
 * Takes an ARP packet for IPv4 over Ethernet, 28 bytes. NULL: MR_TRUNCATED, MR_NONLINEAR,
 * MR_MALFORMED (of other hardware or another protocol).
 */
static __always_inline struct mr_arp_header *mr_parse_arp(struct mr_cursor *cursor)
{
	struct mr_arp_header *arp = mr_take(cursor, sizeof(*arp));

	if (!arp)
		return NULL;
	if (arp->hardware_type != bpf_htons(1) || arp->protocol_type != bpf_htons(ETH_P_IP) ||
	    arp->hardware_length != sizeof(mac_t) || arp->protocol_length != sizeof(ipv4_t))
		return mr_malformed(cursor);
	return arp;
}

#endif
