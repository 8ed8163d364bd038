// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/*
 * Datagrams that tell who has seen them: over IPv4, to port 7777, with a payload that is a number
 * and a list. Their checksum is not kept right; between two ends of a veth pair nobody looks at it.
 */

#include <linux/if_ether.h>
#include <linux/in.h>
#include <millrace/context.h>

#define STREAM_PORT  7777
#define TRACE_LENGTH 47

/* Who has seen a packet, in order. */
struct trace {
	__u8 seen;
	__u8 by[TRACE_LENGTH];
};

struct stream_packet {
	struct ethhdr ethernet;
	__u8 ip[20];
	__be16 source_port;
	__be16 destination_port;
	__be16 length;
	__be16 checksum;
	struct trace trace;
} __attribute__((packed));

/* The packet, if it is one of these. */
static __always_inline struct stream_packet *of_stream(mr_ctx *ctx)
{
	struct stream_packet *packet = mr_at(ctx, 0, sizeof(*packet));

	if (!packet || packet->ethernet.h_proto != bpf_htons(ETH_P_IP) ||
	    packet->ip[9] != IPPROTO_UDP)
		return NULL;
	return packet->destination_port == bpf_htons(STREAM_PORT) ? packet : NULL;
}

/* Nothing for other packets. */
static __always_inline void leave_trace(mr_ctx *ctx, __u8 who)
{
	struct stream_packet *packet = of_stream(ctx);
	__u8 *place;

	if (!packet || packet->trace.seen >= TRACE_LENGTH)
		return;
	place = mr_at(ctx, __builtin_offsetof(struct stream_packet, trace.by) + packet->trace.seen,
		      1);
	if (!place)
		return;
	*place = who;
	packet->trace.seen++;
}
