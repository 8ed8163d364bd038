// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* One event a packet, and both kinds of counters. */

#include <millrace/counters.h>
#include <millrace/ethernet.h>
#include <millrace/events.h>
#include <millrace/types.h>
#include <millrace/xdp.h>

struct frame_event {
	mac_t source;
	__be16 protocol;
	__u32 length;
};
MR_EVENTS(frames, struct frame_event, 4096);

/* by the lowest bit of the source address */
MR_COUNTERS(frames_by_parity, 2);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, mac_t);
	__type(value, struct mr_counter);
} frames_by_source SEC(".maps");

/* Reports frames, but takes back those that are not IPv4. */
SEC("xdp")
int report(struct xdp_md *ctx)
{
	struct mr_cursor cursor = mr_cursor(ctx);
	struct mr_ethernet_header *ethernet = mr_parse_ethernet(&cursor);
	struct frame_event *event;

	if (!ethernet)
		return MR_ABORTED;
	event = mr_event_reserve(frames);
	if (!event)
		return MR_DROP;
	event->source = ethernet->source;
	event->protocol = ethernet->protocol;
	event->length = mr_length(ctx);
	if (ethernet->protocol == bpf_htons(ETH_P_IP))
		mr_event_submit(event);
	else
		mr_event_discard(event);
	return MR_PASS;
}

SEC("xdp")
int count(struct xdp_md *ctx)
{
	struct mr_cursor cursor = mr_cursor(ctx);
	struct mr_ethernet_header *ethernet = mr_parse_ethernet(&cursor);
	struct mr_counter *counter;
	mac_t source;

	if (!ethernet)
		return MR_ABORTED;
	source = ethernet->source;
	mr_count(&frames_by_parity, source.bytes[5] % 4, mr_length(ctx));
	counter = bpf_map_lookup_elem(&frames_by_source, &source);
	if (counter)
		mr_count_shared(counter, mr_length(ctx));
	return MR_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
