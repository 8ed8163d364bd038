// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_CGROUP_SKB_H
#define MILLRACE_CGROUP_SKB_H

/*
 * Programs that see the packets of a control group's sockets, struct __sk_buff:
 *
 *	SEC("cgroup_skb/ingress")	before the socket gets them
 *	SEC("cgroup_skb/egress")	before they leave the stack
 *
 * Verdict MR_ALLOW or MR_DENY, on egress also with MR_CONGESTED. The packet begins with its IP
 * header, there is none of Ethernet; which IP it is, `skb->protocol` says: bpf_htons(ETH_P_IP) or
 * bpf_htons(ETH_P_IPV6). Kernel 4.10; the packet is read directly since 5.0.
 */

#include <linux/if_ether.h>
#include <millrace/cgroup.h>
#include <millrace/cursor.h>

/* Added to a verdict on egress: the sender's TCP is to slow down. Kernel 5.2. */
#define MR_CONGESTED 2

/* A cursor at the IP header, for mr_parse_ipv4() and mr_parse_ipv6(). */
static __always_inline struct mr_cursor mr_cgroup_skb_cursor(const struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct mr_cursor cursor;

	/*
	 * The fields have 32 bits, the verifier's pointers 64: clang must not copy them as the
	 * former.
	 */
	MR_OPAQUE(data);
	MR_OPAQUE(end);
	cursor = (struct mr_cursor){
		.start = data,
		.position = data,
		.end = end,
		.length = skb->len,
	};
	return cursor;
}

#endif
