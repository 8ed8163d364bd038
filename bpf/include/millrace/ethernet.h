// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_ETHERNET_H
#define MILLRACE_ETHERNET_H

#include <linux/if_ether.h>
#include <millrace/cursor.h>
#include <millrace/types.h>

/* IEEE 802.3 clause 3.2, Ethernet II framing. */
struct mr_ethernet_header {
	mac_t destination;
	mac_t source;
	/*
	 * EtherType (ETH_P_*), network byte order; below 0x600 it is the length of an 802.3 frame
	 * instead
	 */
	__be16 protocol;
};

/* Takes the Ethernet header, 14 bytes. NULL: MR_TRUNCATED, MR_NONLINEAR. */
static __always_inline struct mr_ethernet_header *mr_parse_ethernet(struct mr_cursor *cursor)
{
	return mr_take(cursor, sizeof(struct mr_ethernet_header));
}

/* Exchanges source and destination, as for sending a frame back where it came from. */
static __always_inline void mr_ethernet_swap(struct mr_ethernet_header *ethernet)
{
	mac_t source = ethernet->source;

	ethernet->source = ethernet->destination;
	ethernet->destination = source;
}

#endif
