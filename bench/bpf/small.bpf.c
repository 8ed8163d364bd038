// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The small object that loaders are compared with: one XDP program, one hash map, one constant.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 verdict = XDP_PASS;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index;
	__u64 *seen = bpf_map_lookup_elem(&packets, &queue);

	if (seen)
		__sync_fetch_and_add(seen, 1);
	return verdict;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
