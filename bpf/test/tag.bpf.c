// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Puts two VLAN tags on what goes out: the first ends up in the packet, the second beside it. */

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Tag control information; 0 for no tag. */
const volatile __u16 inner_tci = 0;
const volatile __u16 outer_tci = 0;

SEC("tc")
int tag(struct __sk_buff *ctx)
{
	if (inner_tci && bpf_skb_vlan_push(ctx, bpf_htons(ETH_P_8021Q), inner_tci))
		return TC_ACT_SHOT;
	if (outer_tci && bpf_skb_vlan_push(ctx, bpf_htons(ETH_P_8021AD), outer_tci))
		return TC_ACT_SHOT;
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
