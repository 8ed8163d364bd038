// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_VLAN_H
#define MILLRACE_VLAN_H

#include <linux/if_ether.h>
#include <millrace/cursor.h>

/* IEEE 802.1Q clause 9: what follows the tag's EtherType, which is the previous header's. */
struct mr_vlan_header {
	/* priority (3 bits), drop eligible (1), VLAN id (12), network byte order */
	__be16 tci;
	/* EtherType of what is tagged, network byte order */
	__be16 protocol;
};

/* A service tag and a customer tag (802.1ad, "QinQ"). */
#define MR_MAX_VLANS 2

/* The tags of a frame, the outermost first. */
struct mr_vlans {
	/* tag control information, host byte order; 0 beyond `count` */
	__u16 tci[MR_MAX_VLANS];
	__u8 count;
};

/* VLAN id of a tag in host byte order, 0 to 4095; 0 means that the tag carries a priority only. */
static __always_inline __u16 mr_vlan_id(__u16 tci)
{
	return tci & 0x0fff;
}

/* Priority code point of a tag in host byte order, 0 to 7. */
static __always_inline __u8 mr_vlan_priority(__u16 tci)
{
	return tci >> 13;
}

/* Whether a VLAN tag follows this EtherType (network byte order): 802.1Q or 802.1ad. */
static __always_inline bool mr_is_vlan(__be16 protocol)
{
	return protocol == bpf_htons(ETH_P_8021Q) || protocol == bpf_htons(ETH_P_8021AD);
}

/*
 * Takes one tag, 4 bytes: sets `*tci` (host byte order), and `*protocol` to the EtherType behind
 * it. False: MR_TRUNCATED, MR_NONLINEAR.
 */
static __always_inline bool mr_parse_vlan(struct mr_cursor *cursor, __be16 *protocol, __u16 *tci)
{
	struct mr_vlan_header *vlan = mr_take(cursor, sizeof(*vlan));

	if (!vlan)
		return false;
	*tci = bpf_ntohs(vlan->tci);
	*protocol = vlan->protocol;
	return true;
}

/*
 * Takes the tags that follow EtherType `*protocol`, none to two, and sets `*protocol` to the
 * EtherType behind them. `vlans` is zeroed by the caller, or begun with the tag that the kernel
 * keeps beside the packet (mr_vlan_offloaded() in context.h). False: MR_TRUNCATED, MR_NONLINEAR,
 * MR_TOO_DEEP (a third tag).
 */
static __always_inline bool mr_parse_vlans(struct mr_cursor *cursor, __be16 *protocol,
					   struct mr_vlans *vlans)
{
	/* No index: the verifier would have to know its bounds. */
	if (vlans->count == 0 && mr_is_vlan(*protocol)) {
		if (!mr_parse_vlan(cursor, protocol, &vlans->tci[0]))
			return false;
		vlans->count = 1;
	}
	if (vlans->count == 1 && mr_is_vlan(*protocol)) {
		if (!mr_parse_vlan(cursor, protocol, &vlans->tci[1]))
			return false;
		vlans->count = 2;
	}
	if (mr_is_vlan(*protocol)) {
		cursor->status = MR_TOO_DEEP;
		return false;
	}
	return true;
}

#endif
