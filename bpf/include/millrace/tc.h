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

#endif
