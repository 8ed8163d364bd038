// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// A ring buffer with one record a packet, as long as the packet, without the notification where the
// first byte says so.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 14);
} records SEC(".maps");

unsigned char copy[2048];

SEC("xdp")
int record(struct xdp_md *ctx)
{
	__u64 length = (ctx->data_end - ctx->data) & (sizeof(copy) - 1);
	__u64 flags = BPF_RB_FORCE_WAKEUP;

	if (length < 14 || bpf_xdp_load_bytes(ctx, 0, copy, length))
		return XDP_ABORTED;
	if (copy[0] == 0xff)
		flags = BPF_RB_NO_WAKEUP;
	return bpf_ringbuf_output(&records, copy, length, flags) ? XDP_DROP : XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
