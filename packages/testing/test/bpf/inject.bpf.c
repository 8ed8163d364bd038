// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Puts a packet of our own making into a link: a datagram to port 7777 becomes whatever the map
// holds, and goes out by another interface. What the receiver gets then was not touched by any
// sender's checksum offload.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define TRIGGER_PORT 7777
#define MAX_LENGTH   1024

struct frame {
	__u32 length;
	__u8 bytes[MAX_LENGTH];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct frame);
} frames SEC(".maps");

const volatile __u32 out_ifindex = 0;

static __always_inline int is_trigger(struct xdp_md *ctx)
{
	struct ethhdr *ethernet = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(ethernet + 1);
	struct udphdr *udp = (void *)(ip + 1);

	return (void *)(udp + 1) <= (void *)(long)ctx->data_end &&
	       ethernet->h_proto == bpf_htons(ETH_P_IP) && ip->protocol == IPPROTO_UDP &&
	       udp->dest == bpf_htons(TRIGGER_PORT);
}

SEC("xdp")
int inject(struct xdp_md *ctx)
{
	__u32 zero = 0, length;
	struct frame *frame = bpf_map_lookup_elem(&frames, &zero);

	if (!is_trigger(ctx))
		return XDP_PASS;
	if (!frame)
		return XDP_ABORTED;
	length = frame->length;
	if (length < ETH_HLEN || length > MAX_LENGTH)
		return XDP_ABORTED;
	if (bpf_xdp_adjust_tail(ctx, (int)length - (int)(ctx->data_end - ctx->data)))
		return XDP_ABORTED;
	if (bpf_xdp_store_bytes(ctx, 0, frame->bytes, length))
		return XDP_ABORTED;
	return bpf_redirect(out_ifindex, 0);
}

/* A veth takes redirected frames only where the other end has a program, too. */
SEC("xdp")
int take(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
