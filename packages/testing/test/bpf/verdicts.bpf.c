// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Programs whose verdict, and whose change to the packet, are known: what a test run reports is
// checked against them.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <stddef.h>
#include <bpf/bpf_helpers.h>

/* The first byte of the destination MAC is the verdict. */
SEC("xdp")
int xdp_verdict(struct xdp_md *ctx)
{
	__u8 *packet = (void *)(long)ctx->data;

	if ((void *)(packet + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	return *packet;
}

/* Leaves the TTL one lower, without mending the checksum. */
SEC("xdp")
int xdp_ttl(struct xdp_md *ctx)
{
	struct ethhdr *ethernet = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(ethernet + 1);

	if ((void *)(ip + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	ip->ttl--;
	return XDP_TX;
}

/* Writes the interface that the packet came in by into metadata in front of it. */
SEC("xdp")
int xdp_metadata(struct xdp_md *ctx)
{
	__u32 *metadata;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*metadata)))
		return XDP_ABORTED;
	metadata = (void *)(long)ctx->data_meta;
	if ((void *)(metadata + 1) > (void *)(long)ctx->data)
		return XDP_ABORTED;
	*metadata = ctx->ingress_ifindex;
	return XDP_PASS;
}

/* Raises the mark by one; drops what has none. */
SEC("tc")
int tc_mark(struct __sk_buff *skb)
{
	if (skb->mark == 0)
		return TC_ACT_SHOT;
	skb->mark++;
	skb->cb[1] = skb->cb[0];
	return TC_ACT_OK;
}

SEC("tc")
int tc_unspec(struct __sk_buff *skb)
{
	return TC_ACT_UNSPEC;
}

/* Lets UDP through. */
SEC("cgroup_skb/ingress")
int cgroup_udp(struct __sk_buff *skb)
{
	__u8 protocol;

	if (bpf_skb_load_bytes(skb, offsetof(struct iphdr, protocol), &protocol, 1))
		return 0;
	return protocol == IPPROTO_UDP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
