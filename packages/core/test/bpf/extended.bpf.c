// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// Programs with a function that freplace can replace, and programs to replace it by.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// Twice, lest the compiler knows what they return and calls nothing.
__attribute__((noinline)) int slot(struct xdp_md *ctx)
{
	volatile int verdict = XDP_PASS;

	return ctx ? verdict : XDP_ABORTED;
}

__attribute__((noinline)) int other_slot(struct xdp_md *ctx)
{
	volatile int verdict = XDP_TX;

	return ctx ? verdict : XDP_ABORTED;
}

__attribute__((noinline)) static int hidden(struct xdp_md *ctx)
{
	volatile int verdict = 0;

	return ctx ? verdict : 1;
}

SEC("xdp")
int extended(struct xdp_md *ctx)
{
	int verdict = slot(ctx);

	return verdict == XDP_PASS && !hidden(ctx) ? other_slot(ctx) : verdict;
}

SEC("xdp.frags")
int extended_frags(struct xdp_md *ctx)
{
	return slot(ctx);
}

SEC("xdp")
int dropper(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_DROP;
}

SEC("xdp.frags")
int long_dropper(struct xdp_md *ctx)
{
	return bpf_xdp_get_buff_len(ctx) ? XDP_DROP : XDP_ABORTED;
}

SEC("freplace/other_slot")
int redirecting(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_REDIRECT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
