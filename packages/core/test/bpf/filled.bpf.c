// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// A program array that is filled in C, and one that could be and is not.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int called(struct xdp_md *ctx);

struct programs {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
};

struct programs filled SEC(".maps") = {
	.values =
		{
			[1] = (void *)&called,
		},
};

struct programs empty SEC(".maps");

SEC("xdp")
int called(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_DROP;
}

SEC("xdp")
int caller(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &filled, 1);
	bpf_tail_call(ctx, &empty, 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
