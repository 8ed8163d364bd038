// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts what a control group sends and receives, and keeps it from one UDP port. */
#include <millrace/cgroup_skb.h>
#include <millrace/counters.h>
#include <millrace/ipv4.h>
#include <millrace/udp.h>

const volatile __u16 denied_port;

MR_COUNTERS(received, 1);
MR_COUNTERS(sent, 1);

SEC("cgroup_skb/ingress")
int ingress(struct __sk_buff *skb)
{
	mr_count(&received, 0, skb->len);
	return MR_ALLOW;
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	struct mr_cursor cursor = mr_cgroup_skb_cursor(skb);
	struct mr_ipv4_header *ip = mr_parse_ipv4(&cursor);
	struct mr_udp_header *udp;

	if (ip && ip->protocol == IPPROTO_UDP) {
		udp = mr_parse_udp(&cursor);
		if (udp && udp->destination == bpf_htons(denied_port))
			return MR_DENY;
	}
	mr_count(&sent, 0, skb->len);
	return MR_ALLOW;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
