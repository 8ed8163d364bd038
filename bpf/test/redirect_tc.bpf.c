// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sends datagrams to port 9000 on their way by each of the redirects of tc.h; all else goes on. */
#include <millrace/tc.h>
#include <millrace/packet.h>

#define PORT 9000

const volatile __u32 target_ifindex;
const volatile ipv4_t next_hop_ipv4;
const volatile ipv6_t next_hop_ipv6;

static __always_inline bool is_ours(struct __sk_buff *skb)
{
	struct mr_packet packet;

	return mr_parse(skb, &packet) == MR_OK && packet.protocol == IPPROTO_UDP &&
	       packet.destination_port == bpf_htons(PORT);
}

SEC("tc")
int redirect(struct __sk_buff *skb)
{
	return is_ours(skb) ? mr_redirect(skb, target_ifindex) : TC_ACT_UNSPEC;
}

SEC("tc")
int redirect_peer(struct __sk_buff *skb)
{
	return is_ours(skb) ? mr_redirect_peer(skb, target_ifindex) : TC_ACT_UNSPEC;
}

SEC("tc")
int redirect_neighbour(struct __sk_buff *skb)
{
	return is_ours(skb) ? mr_redirect_neighbour(skb, target_ifindex) : TC_ACT_UNSPEC;
}

SEC("tc")
int redirect_neighbour_ipv4(struct __sk_buff *skb)
{
	if (!is_ours(skb))
		return TC_ACT_UNSPEC;
	return mr_redirect_neighbour_ipv4(skb, target_ifindex, next_hop_ipv4);
}

SEC("tc")
int redirect_neighbour_ipv6(struct __sk_buff *skb)
{
	ipv6_t next_hop = next_hop_ipv6;

	if (!is_ours(skb))
		return TC_ACT_UNSPEC;
	return mr_redirect_neighbour_ipv6(skb, target_ifindex, &next_hop);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
