// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// Ring buffer records of every fate: the packet's first byte says whether its record is submitted
// or discarded.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

__u32 reserved;

SEC("xdp")
int record(struct xdp_md *ctx)
{
	__u8 discard = 0;
	__u32 *number;

	if (bpf_xdp_load_bytes(ctx, 0, &discard, sizeof(discard)))
		return XDP_ABORTED;
	/* 20 bytes: not a multiple of 8, so that records are padded. */
	number = bpf_ringbuf_reserve(&records, 20, 0);
	if (!number)
		return XDP_DROP;
	*number = reserved++;
	if (discard)
		bpf_ringbuf_discard(number, 0);
	else
		bpf_ringbuf_submit(number, 0);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
