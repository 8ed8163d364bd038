// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// Records by way of a perf event array, and a count of those that came the other way.
#include <stddef.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4096);
} commands SEC(".maps");

/* Sends the first four bytes of the packet, and as many of it behind them as they say. */
SEC("xdp")
int sample(struct xdp_md *ctx)
{
	__u32 length = 0;

	if (bpf_xdp_load_bytes(ctx, 0, &length, sizeof(length)))
		return XDP_ABORTED;
	return bpf_perf_event_output(ctx, &samples, BPF_F_CURRENT_CPU | (__u64)length << 32,
				     &length, sizeof(length))
		       ? XDP_DROP
		       : XDP_PASS;
}

static long count(struct bpf_dynptr *record, void *context)
{
	return 0;
}

SEC("xdp")
int drain(struct xdp_md *ctx)
{
	return bpf_user_ringbuf_drain(&commands, count, NULL, 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";
