// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Events to user space by both ways.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <millrace/events.h>

struct event {
	__u64 sequence;
	__u32 length;
};

MR_EVENTS(events, struct event, 4096);
MR_PERF_EVENTS(samples, struct event);

__u64 sequence;

SEC("xdp")
int emit(struct xdp_md *ctx)
{
	struct event *event = mr_event_reserve(events);

	if (!event)
		return XDP_DROP;
	event->sequence = sequence++;
	event->length = ctx->data_end - ctx->data;
	bpf_ringbuf_submit(event, 0);
	return XDP_PASS;
}

SEC("xdp")
int sample(struct xdp_md *ctx)
{
	struct event event = {.sequence = sequence++, .length = ctx->data_end - ctx->data};

	return mr_perf_event_send_packet(ctx, samples, &event, 0) ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
