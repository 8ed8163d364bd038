// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Events by way of a perf event array, from XDP with the packet behind them, and from any CPU.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <millrace/events.h>

struct sample {
	__u64 sequence;
	__u32 length;
};
MR_PERF_EVENTS(samples, struct sample);

__u64 sequence;

/* Sends an event, with as much of the packet behind it as the packet's first byte says; the
 * verdict is XDP_DROP when that fails. */
SEC("xdp")
int sample(struct xdp_md *ctx)
{
	struct sample sample = {.length = ctx->data_end - ctx->data};
	__u8 bytes;

	if (bpf_xdp_load_bytes(ctx, 0, &bytes, sizeof(bytes)))
		return XDP_ABORTED;
	sample.sequence = sequence;
	if (mr_perf_event_send_packet(ctx, samples, &sample, bytes))
		return XDP_DROP;
	sequence++;
	return XDP_PASS;
}

/* Sends an event from the CPU that it is run on. */
SEC("raw_tracepoint")
int tell(void *ctx)
{
	struct sample sample = {.sequence = sequence++, .length = bpf_get_smp_processor_id()};

	return mr_perf_event_send(ctx, samples, &sample);
}

char _license[] SEC("license") = "Dual BSD/GPL";
