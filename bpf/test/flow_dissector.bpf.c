// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* flow_dissector.h: UDP and TCP without options of IP or extension headers; nothing else has a
 * flow. */
#include <linux/pkt_cls.h>
#include <millrace/flow_dissector.h>
#include <millrace/ipv4.h>
#include <millrace/ipv6.h>

struct ports {
	__be16 source;
	__be16 destination;
};

/* Packets that the dissector was asked about. */
__u64 asked = 0;

/* How far the dissector was asked to look. */
__u32 flags = 0;

/* Of the last packet that `ask` saw. */
__u32 hash = 0;

static __always_inline int dissect_ports(struct __sk_buff *skb, struct bpf_flow_keys *keys,
					 __u32 offset)
{
	struct ports buffer;
	const struct ports *ports = mr_flow_header(skb, offset, &buffer, sizeof(buffer));

	keys->thoff = offset;
	if (!ports)
		return BPF_DROP;
	mr_flow_set_ports(keys, ports->source, ports->destination);
	return BPF_OK;
}

static __always_inline int dissect_ipv4(struct __sk_buff *skb, struct bpf_flow_keys *keys)
{
	struct mr_ipv4_header buffer;
	const struct mr_ipv4_header *ip = mr_flow_header(skb, keys->nhoff, &buffer, sizeof(buffer));

	if (!ip)
		return BPF_DROP;
	keys->ip_proto = ip->protocol;
	mr_flow_set_ipv4(keys, ip->source, ip->destination);
	return dissect_ports(skb, keys, keys->nhoff + sizeof(*ip));
}

static __always_inline int dissect_ipv6(struct __sk_buff *skb, struct bpf_flow_keys *keys)
{
	struct mr_ipv6_header buffer;
	const struct mr_ipv6_header *ip = mr_flow_header(skb, keys->nhoff, &buffer, sizeof(buffer));

	if (!ip)
		return BPF_DROP;
	keys->ip_proto = ip->next_header;
	mr_flow_set_ipv6(keys, &ip->source, &ip->destination);
	return dissect_ports(skb, keys, keys->nhoff + sizeof(*ip));
}

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	struct bpf_flow_keys *keys = mr_flow_keys(skb);

	__sync_fetch_and_add(&asked, 1);
	flags = keys->flags;
	switch (keys->n_proto) {
	case bpf_htons(ETH_P_IP):
		return dissect_ipv4(skb, keys);
	case bpf_htons(ETH_P_IPV6):
		return dissect_ipv6(skb, keys);
	default:
		return BPF_DROP;
	}
}

/* All packets between two hosts are of one flow. */
SEC("flow_dissector")
int by_host(struct __sk_buff *skb)
{
	struct bpf_flow_keys *keys = mr_flow_keys(skb);
	struct mr_ipv4_header buffer;
	const struct mr_ipv4_header *ip = mr_flow_header(skb, keys->nhoff, &buffer, sizeof(buffer));

	__sync_fetch_and_add(&asked, 1);
	if (keys->n_proto != bpf_htons(ETH_P_IP) || !ip)
		return BPF_DROP;
	mr_flow_set_ipv4(keys, ip->source, ip->destination);
	keys->thoff = keys->nhoff + sizeof(*ip);
	return BPF_OK;
}

/* Has the kernel compute the hash of a packet's flow. */
SEC("tc")
int ask(struct __sk_buff *skb)
{
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		bpf_set_hash_invalid(skb);
		hash = bpf_get_hash_recalc(skb);
	}
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
