// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// A program that runs for a long time, as programs go, and says when it has begun and when it is
// over.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ROUNDS_AT_ONCE (1 << 20)

__u32 begun;
__u32 ended;

const volatile __u32 rounds = 100;

static long inner(__u32 index, void *context)
{
	__u64 *sum = context;

	*sum += index;
	return 0;
}

static long outer(__u32 index, void *context)
{
	(void)index;
	bpf_loop(ROUNDS_AT_ONCE, inner, context, 0);
	return 0;
}

SEC("xdp")
int slow(struct xdp_md *ctx)
{
	__u64 sum = ctx->data_end - ctx->data;

	__sync_fetch_and_add(&begun, 1);
	bpf_loop(rounds, outer, &sum, 0);
	__sync_fetch_and_add(&ended, 1);
	return sum ? XDP_PASS : XDP_ABORTED;
}

char _license[] SEC("license") = "Dual BSD/GPL";
