// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A map of each kind that programs write, events with and without a wake-up, and programs to call
// by tail call.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <millrace/events.h>
#include <millrace/types.h>

struct flow {
	ipv4_t source;
	__be16 source_port;
	__u8 protocol;
};

struct hits {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct flow);
	__type(value, struct hits);
} flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct hits);
} clients SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct hits);
} totals SEC(".maps");

struct network {
	__u32 prefix_length;
	ipv4_t address;
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct network);
	__type(value, __u32);
} routes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} stages SEC(".maps");

/* Counts a packet: its first four bytes are the source address. */
SEC("xdp")
int count(struct xdp_md *ctx)
{
	struct flow flow = {};
	struct hits one = {.packets = 1, .bytes = ctx->data_end - ctx->data};
	struct hits *hits;
	__u32 index = 1;

	if (bpf_xdp_load_bytes(ctx, 0, &flow.source, sizeof(flow.source)))
		return XDP_ABORTED;
	flow.source_port = bpf_htons(443);
	flow.protocol = 6;
	hits = bpf_map_lookup_elem(&flows, &flow);
	if (hits) {
		__sync_fetch_and_add(&hits->packets, 1);
		__sync_fetch_and_add(&hits->bytes, one.bytes);
	} else {
		bpf_map_update_elem(&flows, &flow, &one, BPF_NOEXIST);
	}
	bpf_map_update_elem(&clients, &flow.source, &one, BPF_ANY);
	hits = bpf_map_lookup_elem(&totals, &index);
	if (hits) {
		hits->packets++;
		hits->bytes += one.bytes;
	}
	return XDP_PASS;
}

/* Looks up the route of the address in the packet's first four bytes; the verdict is its value. */
SEC("xdp")
int route(struct xdp_md *ctx)
{
	struct network key = {.prefix_length = 32};
	__u32 *value;

	if (bpf_xdp_load_bytes(ctx, 0, &key.address, sizeof(key.address)))
		return XDP_ABORTED;
	value = bpf_map_lookup_elem(&routes, &key);
	return value ? *value : XDP_PASS;
}

struct event {
	__u64 sequence;
	ipv4_t source;
	__u16 length;
};

MR_EVENTS(events, struct event, 4096);

__u64 sequence;

/* Sends one event; a packet that begins with 0xff does not wake the reader, one with 0xfe does so
 * always. */
SEC("xdp")
int emit(struct xdp_md *ctx)
{
	struct event *event;
	__u8 source[4];
	__u64 flags = 0;

	if (bpf_xdp_load_bytes(ctx, 0, source, sizeof(source)))
		return XDP_ABORTED;
	event = mr_event_reserve(events);
	if (!event)
		return XDP_DROP;
	event->sequence = sequence++;
	__builtin_memcpy(&event->source, source, sizeof(source));
	event->length = ctx->data_end - ctx->data;
	if (source[0] == 0xff)
		flags = BPF_RB_NO_WAKEUP;
	else if (source[0] == 0xfe)
		flags = BPF_RB_FORCE_WAKEUP;
	bpf_ringbuf_submit(event, flags);
	return XDP_PASS;
}

/* Goes on as the program at index 0. */
SEC("xdp")
int dispatch(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &stages, 0);
	return XDP_PASS;
}

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp")
int send_back(struct xdp_md *ctx)
{
	return XDP_TX;
}

SEC("tc")
int classify(struct __sk_buff *skb)
{
	return TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
