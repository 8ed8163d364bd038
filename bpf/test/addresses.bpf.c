// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Every question of address.h, with the addresses in a map instead of a packet. */

#include <millrace/address.h>

struct addresses {
	ipv4_t ipv4;
	ipv4_t ipv4_network;
	ipv6_t ipv6;
	ipv6_t ipv6_network;
	mac_t mac;
	mac_t other_mac;
	__u32 prefix_length;
	/* results */
	bool ipv4_in_prefix;
	bool ipv4_unspecified;
	bool ipv4_loopback;
	bool ipv4_multicast;
	bool ipv4_broadcast;
	bool ipv4_link_local;
	bool ipv4_private;
	bool ipv6_equal;
	bool ipv6_in_prefix;
	bool ipv6_unspecified;
	bool ipv6_loopback;
	bool ipv6_multicast;
	bool ipv6_link_local;
	bool ipv6_private;
	bool ipv6_mapped;
	bool mac_equal;
	bool mac_multicast;
	bool mac_broadcast;
	bool mac_local;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct addresses);
} questions SEC(".maps");

static __always_inline void ask_ipv4(struct addresses *it)
{
	it->ipv4_in_prefix = mr_ipv4_in_prefix(it->ipv4, it->ipv4_network, it->prefix_length);
	it->ipv4_unspecified = mr_ipv4_is_unspecified(it->ipv4);
	it->ipv4_loopback = mr_ipv4_is_loopback(it->ipv4);
	it->ipv4_multicast = mr_ipv4_is_multicast(it->ipv4);
	it->ipv4_broadcast = mr_ipv4_is_broadcast(it->ipv4);
	it->ipv4_link_local = mr_ipv4_is_link_local(it->ipv4);
	it->ipv4_private = mr_ipv4_is_private(it->ipv4);
}

static __always_inline void ask_ipv6(struct addresses *it)
{
	it->ipv6_equal = mr_ipv6_equal(&it->ipv6, &it->ipv6_network);
	it->ipv6_in_prefix = mr_ipv6_in_prefix(&it->ipv6, &it->ipv6_network, it->prefix_length);
	it->ipv6_unspecified = mr_ipv6_is_unspecified(&it->ipv6);
	it->ipv6_loopback = mr_ipv6_is_loopback(&it->ipv6);
	it->ipv6_multicast = mr_ipv6_is_multicast(&it->ipv6);
	it->ipv6_link_local = mr_ipv6_is_link_local(&it->ipv6);
	it->ipv6_private = mr_ipv6_is_private(&it->ipv6);
	it->ipv6_mapped = mr_ipv6_is_mapped(&it->ipv6);
}

static __always_inline void ask_mac(struct addresses *it)
{
	it->mac_equal = mr_mac_equal(&it->mac, &it->other_mac);
	it->mac_multicast = mr_mac_is_multicast(&it->mac);
	it->mac_broadcast = mr_mac_is_broadcast(&it->mac);
	it->mac_local = mr_mac_is_local(&it->mac);
}

SEC("xdp")
int ask(struct xdp_md *ctx)
{
	struct addresses *it;
	__u32 zero = 0;

	it = bpf_map_lookup_elem(&questions, &zero);
	if (!it)
		return XDP_ABORTED;
	ask_ipv4(it);
	ask_ipv6(it);
	ask_mac(it);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
