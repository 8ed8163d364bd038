// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* flow_dissector.h: UDP and TCP without options of IP or extension headers; nothing else has a
 * flow. */
#include <millrace/flow_dissector.h>
#include <millrace/ipv4.h>
#include <millrace/ipv6.h>

struct ports {
	__be16 source;
	__be16 destination;
};

/* Packets that the program was asked about. */
__u64 asked = 0;

static __always_inline int dissect_ports(struct __sk_buff *skb, struct bpf_flow_keys *keys,
					 __u32 offset)
{
	struct ports ports;

	keys->thoff = offset;
	if (mr_flow_read(skb, offset, &ports, sizeof(ports)))
		return BPF_DROP;
	mr_flow_set_ports(keys, ports.source, ports.destination);
	return BPF_OK;
}

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	struct bpf_flow_keys *keys = mr_flow_keys(skb);
	__u32 offset = keys->nhoff;
	struct mr_ipv4_header ipv4;
	struct mr_ipv6_header ipv6;

	__sync_fetch_and_add(&asked, 1);
	switch (keys->n_proto) {
	case bpf_htons(ETH_P_IP):
		if (mr_flow_read(skb, offset, &ipv4, sizeof(ipv4)))
			return BPF_DROP;
		keys->ip_proto = ipv4.protocol;
		mr_flow_set_ipv4(keys, ipv4.source, ipv4.destination);
		return dissect_ports(skb, keys, offset + sizeof(ipv4));
	case bpf_htons(ETH_P_IPV6):
		if (mr_flow_read(skb, offset, &ipv6, sizeof(ipv6)))
			return BPF_DROP;
		keys->ip_proto = ipv6.next_header;
		mr_flow_set_ipv6(keys, &ipv6.source, &ipv6.destination);
		return dissect_ports(skb, keys, offset + sizeof(ipv6));
	default:
		return BPF_DROP;
	}
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
