// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Walks along a packet header by header, as far as they go, and leaves all of them in a map. */

#include <millrace/packet.h>

/* Bits of headers.seen. */
#define SEEN_ETHERNET	     0x001
#define SEEN_VLANS	     0x002
#define SEEN_ARP	     0x004
#define SEEN_IPV4	     0x008
#define SEEN_IPV4_OPTIONS    0x010
#define SEEN_IPV6	     0x020
#define SEEN_IPV6_EXTENSIONS 0x040
#define SEEN_TCP	     0x080
#define SEEN_TCP_OPTIONS     0x100
#define SEEN_UDP	     0x200
#define SEEN_ICMP	     0x400
#define SEEN_ICMPV6	     0x800

struct headers {
	enum mr_status status;
	/* of the cursor, where it stopped */
	__u32 offset;
	__u32 remaining;
	__u32 seen;
	__u32 ipv4_options;
	struct mr_ethernet_header ethernet;
	__be16 ethertype;
	struct mr_vlans vlans;
	struct mr_arp_header arp;
	struct mr_ipv4_header ipv4;
	struct mr_ipv6_header ipv6;
	struct mr_ipv6_fragment fragment;
	__u8 protocol;
	struct mr_tcp_header tcp;
	struct mr_tcp_options tcp_options;
	struct mr_udp_header udp;
	struct mr_icmp_header icmp;
	struct mr_icmpv6_header icmpv6;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct headers);
} found SEC(".maps");

static __always_inline void walk_transport(struct mr_cursor *cursor, struct headers *found)
{
	struct mr_icmpv6_header *icmpv6;
	struct mr_icmp_header *icmp;
	struct mr_tcp_header *tcp;
	struct mr_udp_header *udp;

	switch (found->protocol) {
	case IPPROTO_TCP:
		tcp = mr_parse_tcp(cursor);
		if (!tcp)
			return;
		found->tcp = *tcp;
		found->seen |= SEEN_TCP;
		if (mr_parse_tcp_options(cursor, tcp, &found->tcp_options))
			found->seen |= SEEN_TCP_OPTIONS;
		return;
	case IPPROTO_UDP:
		udp = mr_parse_udp(cursor);
		if (!udp)
			return;
		found->udp = *udp;
		found->seen |= SEEN_UDP;
		return;
	case IPPROTO_ICMP:
		icmp = mr_parse_icmp(cursor);
		if (!icmp)
			return;
		found->icmp = *icmp;
		found->seen |= SEEN_ICMP;
		return;
	case IPPROTO_ICMPV6:
		icmpv6 = mr_parse_icmpv6(cursor);
		if (!icmpv6)
			return;
		found->icmpv6 = *icmpv6;
		found->seen |= SEEN_ICMPV6;
		return;
	default:
		return;
	}
}

static __always_inline void walk_ipv4(struct mr_cursor *cursor, struct headers *found)
{
	struct mr_ipv4_header *ip = mr_parse_ipv4(cursor);

	if (!ip)
		return;
	found->ipv4 = *ip;
	found->protocol = ip->protocol;
	found->seen |= SEEN_IPV4;
	if (!mr_parse_ipv4_options(cursor, ip, &found->ipv4_options))
		return;
	found->seen |= SEEN_IPV4_OPTIONS;
	if (!mr_ipv4_fragment_offset(ip))
		walk_transport(cursor, found);
}

static __always_inline void walk_ipv6(struct mr_cursor *cursor, struct headers *found)
{
	struct mr_ipv6_header *ip = mr_parse_ipv6(cursor);

	if (!ip)
		return;
	found->ipv6 = *ip;
	found->protocol = ip->next_header;
	found->seen |= SEEN_IPV6;
	if (!mr_parse_ipv6_extensions(cursor, &found->protocol, &found->fragment))
		return;
	found->seen |= SEEN_IPV6_EXTENSIONS;
	if (!found->fragment.offset)
		walk_transport(cursor, found);
}

static __always_inline void walk_ethernet(struct mr_cursor *cursor, struct headers *found)
{
	struct mr_ethernet_header *ethernet = mr_parse_ethernet(cursor);
	struct mr_arp_header *arp;

	if (!ethernet)
		return;
	found->ethernet = *ethernet;
	found->ethertype = ethernet->protocol;
	found->seen |= SEEN_ETHERNET;
	if (!mr_parse_vlans(cursor, &found->ethertype, &found->vlans))
		return;
	found->seen |= SEEN_VLANS;
	switch (bpf_ntohs(found->ethertype)) {
	case ETH_P_ARP:
		arp = mr_parse_arp(cursor);
		if (!arp)
			return;
		found->arp = *arp;
		found->seen |= SEEN_ARP;
		return;
	case ETH_P_IP:
		walk_ipv4(cursor, found);
		return;
	case ETH_P_IPV6:
		walk_ipv6(cursor, found);
		return;
	default:
		return;
	}
}

SEC(MR_SECTION)
int walk(mr_ctx *ctx)
{
	struct mr_cursor cursor = mr_cursor(ctx);
	struct headers *headers;
	__u32 zero = 0;

	headers = bpf_map_lookup_elem(&found, &zero);
	if (!headers)
		return MR_ABORTED;
	*headers = (struct headers){};
	walk_ethernet(&cursor, headers);
	headers->status = cursor.status;
	headers->offset = cursor.offset;
	headers->remaining = mr_remaining(&cursor);
	return cursor.status == MR_OK ? MR_PASS : MR_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
