// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// A map of the same sizes as `counters` of basic.bpf.c whose fields have changed places.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counter {
	__u64 bytes;
	__u64 packets;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct counter);
} totals SEC(".maps");

SEC("xdp")
int total(struct xdp_md *ctx)
{
	__u32 index = 0;
	struct counter *counter = bpf_map_lookup_elem(&totals, &index);

	if (counter)
		__sync_fetch_and_add(&counter->bytes, ctx->data_end - ctx->data);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
