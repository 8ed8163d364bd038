// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* cgroup_skb.h: UDP to the denied port is dropped, and all packets are counted by their protocol.
 */
#include <millrace/cgroup_skb.h>
#include <millrace/counters.h>
#include <millrace/ipv4.h>
#include <millrace/ipv6.h>
#include <millrace/udp.h>

const volatile __u16 denied_port = 0;

MR_COUNTERS(packets, 256);

static __always_inline int decide(struct __sk_buff *skb)
{
	struct mr_cursor cursor = mr_cgroup_skb_cursor(skb);
	struct mr_ipv4_header *ipv4;
	struct mr_ipv6_header *ipv6;
	struct mr_udp_header *udp;
	__u8 protocol;

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		ipv4 = mr_parse_ipv4(&cursor);
		if (!ipv4)
			return MR_DENY;
		protocol = ipv4->protocol;
	} else {
		ipv6 = mr_parse_ipv6(&cursor);
		if (!ipv6)
			return MR_DENY;
		protocol = ipv6->next_header;
	}
	mr_count(&packets, protocol, skb->len);
	if (protocol != IPPROTO_UDP)
		return MR_ALLOW;
	udp = mr_parse_udp(&cursor);
	if (!udp)
		return MR_DENY;
	return udp->destination == bpf_htons(denied_port) ? MR_DENY : MR_ALLOW;
}

SEC("cgroup_skb/ingress")
int ingress(struct __sk_buff *skb)
{
	return decide(skb);
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	return decide(skb);
}

SEC("cgroup_skb/egress")
int congested(struct __sk_buff *skb)
{
	return MR_ALLOW | MR_CONGESTED;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
