// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// An XDP program that takes packets of several buffers, and one that does not.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp.frags")
int with_frags(struct xdp_md *ctx)
{
	return bpf_xdp_get_buff_len(ctx) > 1500 ? XDP_PASS : XDP_DROP;
}

SEC("xdp")
int without_frags(struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data > 1500 ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
