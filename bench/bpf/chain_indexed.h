// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/*
 * An empty stage of a chain whose order is in a map: one program array for all, and each looks up
 * the index of its successor.
 */

#include "chain.h"

#define STAGES 64

/* which stage this is */
const volatile __u32 position = 0;

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, STAGES);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, STAGES);
	__type(key, __u32);
	__type(value, __u32);
} successors SEC(".maps");

SEC(MR_SECTION)
int stage(mr_ctx *ctx)
{
	__u32 key = position;
	__u32 *successor = bpf_map_lookup_elem(&successors, &key);

	if (successor)
		bpf_tail_call(ctx, &stages, *successor);
	return MR_PASS;
}
