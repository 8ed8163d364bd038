// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/*
 * An empty stage as one would write it by hand: each has a program array of its own and calls it
 * with a constant index, so that the JIT makes a direct jump.
 */

#include "chain.h"

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

struct counter {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

SEC(MR_SECTION)
int stage(mr_ctx *ctx)
{
	bpf_tail_call(ctx, &next, 0);
	return MR_PASS;
}

SEC(MR_SECTION)
int counted_stage(mr_ctx *ctx)
{
	__u32 zero = 0;
	struct counter *counter = bpf_map_lookup_elem(&counters, &zero);

	if (counter) {
		counter->packets++;
		counter->bytes += mr_length(ctx);
	}
	bpf_tail_call(ctx, &next, 0);
	return MR_PASS;
}
