// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_TC_H
#define MILLRACE_TC_H

/* What context.h declares, for tc programs: clsact in direct-action mode, and TCX. Documented
 * there. */

#ifdef MR_HOOK_XDP
#error "one hook an object: this one is for XDP already"
#endif
#ifndef MR_HOOK_TC
#define MR_HOOK_TC
#endif

#include <linux/pkt_cls.h>
#include <millrace/context.h>
#include <millrace/types.h>

#define MR_SECTION "tc"

#define MR_PASS	   TC_ACT_OK
#define MR_DROP	   TC_ACT_SHOT
#define MR_ABORTED TC_ACT_SHOT

static __always_inline __u32 mr_length(mr_ctx *ctx)
{
	return ctx->len;
}

static __always_inline int mr_pull(mr_ctx *ctx, __u32 length)
{
	if (mr_linear_length(ctx) >= length)
		return 0;
	return bpf_skb_pull_data(ctx, length);
}

static __always_inline int mr_adjust_room(mr_ctx *ctx, __s32 bytes)
{
	return bpf_skb_adjust_room(ctx, bytes, BPF_ADJ_ROOM_MAC, 0);
}

static __always_inline __u32 mr_ifindex(const mr_ctx *ctx)
{
	return ctx->ifindex;
}

static __always_inline __u32 mr_rx_queue(const mr_ctx *ctx)
{
	/* The kernel stores the receive queue plus one, 0 being none. */
	__u32 queue = ctx->queue_mapping;

	return queue ? queue - 1 : 0;
}

static __always_inline bool mr_vlan_offloaded(const mr_ctx *ctx, __u16 *tci)
{
	if (!ctx->vlan_present)
		return false;
	*tci = ctx->vlan_tci;
	return true;
}

static __always_inline int mr_transmit(mr_ctx *ctx)
{
	return bpf_redirect(ctx->ifindex, 0);
}

static __always_inline int mr_redirect(mr_ctx *ctx, __u32 ifindex)
{
	(void)ctx;
	return bpf_redirect(ifindex, 0);
}

/* linux/in.h and linux/in6.h have them not, and sys/socket.h is not for programs. */
#define MR_AF_INET  2
#define MR_AF_INET6 10

/*
 * Verdict of tc alone, on ingress: the frame arrives at the other end of `ifindex`, a veth
 * whose peer is in another network namespace, as if that had received it. Nothing of `ifindex`
 * itself sees it, and it waits in no queue: the fast way into a container. The Ethernet header
 * stays as it is. Kernel 5.10.
 */
static __always_inline int mr_redirect_peer(mr_ctx *ctx, __u32 ifindex)
{
	(void)ctx;
	return bpf_redirect_peer(ifindex, 0);
}

/*
 * Verdict of tc alone, for IP: send the packet out of interface `ifindex` with the Ethernet header
 * that it needs there. The next hop is found by the kernel's routes for the destination address, or
 * where there is none is that address itself; its MAC address by the kernel's neighbours, who are
 * asked when they have to be. Kernel 5.10.
 */
static __always_inline int mr_redirect_neighbour(mr_ctx *ctx, __u32 ifindex)
{
	(void)ctx;
	return bpf_redirect_neigh(ifindex, NULL, 0, 0);
}

/* The same by a next hop that needs no route: `next_hop`, a neighbour on `ifindex`. Kernel 5.10. */
static __always_inline int mr_redirect_neighbour_ipv4(mr_ctx *ctx, __u32 ifindex, ipv4_t next_hop)
{
	struct bpf_redir_neigh neighbour = {
		.nh_family = MR_AF_INET,
		.ipv4_nh = next_hop,
	};

	(void)ctx;
	return bpf_redirect_neigh(ifindex, &neighbour, sizeof(neighbour), 0);
}

/* IPv6 packets and IPv4 packets alike may have an IPv6 next hop. */
static __always_inline int mr_redirect_neighbour_ipv6(mr_ctx *ctx, __u32 ifindex,
						      const ipv6_t *next_hop)
{
	struct bpf_redir_neigh neighbour = {.nh_family = MR_AF_INET6};

	(void)ctx;
	__builtin_memcpy(neighbour.ipv6_nh, next_hop, sizeof(*next_hop));
	return bpf_redirect_neigh(ifindex, &neighbour, sizeof(neighbour), 0);
}

#endif
