// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Programs to be loaded once more: they share maps, variables and constants, and have a slot each
// to go on to.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
} totals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} again_pinned SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

const volatile __u32 step = 1;
const volatile __s32 verdict = XDP_PASS;
// The verifier refuses what this leads to, unless it knows that it leads nowhere.
const volatile __u8 broken = 1;

__u64 seen;
__u64 limit = 1000;

static __always_inline void count(__u32 key)
{
	__u64 zero = 0, *total;
	__u32 index = 0;

	bpf_map_update_elem(&totals, &key, &zero, BPF_NOEXIST);
	total = bpf_map_lookup_elem(&totals, &key);
	if (total)
		__sync_fetch_and_add(total, step);
	total = bpf_map_lookup_elem(&again_pinned, &index);
	if (total)
		__sync_fetch_and_add(total, 1);
	if (seen < limit)
		__sync_fetch_and_add(&seen, step);
}

SEC("xdp")
int first(struct xdp_md *ctx)
{
	if (broken)
		return *(volatile int *)(long)ctx->data;
	count(1);
	bpf_tail_call(ctx, &next, 0);
	return verdict;
}

SEC("xdp")
int second(struct xdp_md *ctx)
{
	(void)ctx;
	count(2);
	return XDP_TX;
}

char _license[] SEC("license") = "Dual BSD/GPL";
