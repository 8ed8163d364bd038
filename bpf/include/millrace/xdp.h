// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_XDP_H
#define MILLRACE_XDP_H

/* What context.h declares, for XDP programs; it is documented there. */

#ifdef MR_HOOK_TC
#error "one hook an object: this one is for tc already"
#endif
#ifndef MR_HOOK_XDP
#define MR_HOOK_XDP
#endif

#include <linux/errno.h>
#include <linux/if_ether.h>
#include <millrace/context.h>

#ifdef MR_XDP_FRAGS
#define MR_SECTION "xdp.frags"
#else
#define MR_SECTION "xdp"
#endif

#define MR_PASS	   XDP_PASS
#define MR_DROP	   XDP_DROP
#define MR_ABORTED XDP_ABORTED

static __always_inline __u32 mr_length(mr_ctx *ctx)
{
#ifdef MR_XDP_FRAGS
	return bpf_xdp_get_buff_len(ctx);
#else
	return mr_linear_length(ctx);
#endif
}

static __always_inline int mr_pull(mr_ctx *ctx, __u32 length)
{
	return mr_linear_length(ctx) < length ? -EINVAL : 0;
}

static __always_inline int mr_adjust_room(mr_ctx *ctx, __s32 bytes)
{
	struct ethhdr *ethernet = mr_at(ctx, 0, sizeof(*ethernet));
	struct ethhdr saved;
	int error;

	if (!ethernet)
		return -EINVAL;
	saved = *ethernet;
	error = bpf_xdp_adjust_head(ctx, -bytes);
	if (error)
		return error;
	ethernet = mr_at(ctx, 0, sizeof(*ethernet));
	if (!ethernet)
		return -EINVAL;
	*ethernet = saved;
	return 0;
}

static __always_inline __u32 mr_ifindex(const mr_ctx *ctx)
{
	return ctx->ingress_ifindex;
}

static __always_inline __u32 mr_rx_queue(const mr_ctx *ctx)
{
	return ctx->rx_queue_index;
}

static __always_inline bool mr_vlan_offloaded(const mr_ctx *ctx, __u16 *tci)
{
	(void)ctx;
	(void)tci;
	return false;
}

static __always_inline int mr_transmit(mr_ctx *ctx)
{
	(void)ctx;
	return XDP_TX;
}

static __always_inline int mr_redirect(mr_ctx *ctx, __u32 ifindex)
{
	(void)ctx;
	return bpf_redirect(ifindex, 0);
}

#endif
