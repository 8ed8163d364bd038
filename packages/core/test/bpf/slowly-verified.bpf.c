// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// A program that the verifier walks through for some tens of milliseconds: every round of its loop.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int slowly_verified(struct xdp_md *xdp)
{
	__u32 sum = 0;

	for (int i = 0; i < 20000; i++)
		sum += bpf_get_prandom_u32();
	return sum == 0 ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
