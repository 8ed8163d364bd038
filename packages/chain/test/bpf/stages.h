// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/*
 * Stages that leave a trace in the packets of a stream: datagrams over IPv4 to port 7777, without a
 * checksum, whose payload is a number and then a list of who has seen them.
 */

#include <linux/if_ether.h>
#include <linux/in.h>
#include <millrace/counters.h>
#include <millrace/stage.h>

#define STREAM_PORT  7777
#define TRACE_LENGTH 48

struct stream_packet {
	struct ethhdr ethernet;
	__u8 ip[20];
	__be16 source_port;
	__be16 destination_port;
	__be16 length;
	__be16 checksum;
	__be32 number;
	/* how many have seen it, and which */
	__u8 seen;
	__u8 trace[TRACE_LENGTH];
} __attribute__((packed));

/* What `mark` writes. */
const volatile __u8 id = 0;

/* What `decide` returns; the datagrams of the stream only. */
const volatile __s32 decided = MR_DROP;

/* The layout of the note that `write_note` leaves for `read_note`. */
const volatile __u32 layout = 0;

enum note {
	NOTE_UNDERSTOOD,
	NOTE_MISUNDERSTOOD,
	NOTES,
};

MR_COUNTERS(notes, NOTES);

/* How often `remember` has run, in all chains that it is in. */
__u64 remembered = 0;

static __always_inline struct stream_packet *of_stream(mr_ctx *ctx)
{
	struct stream_packet *packet = mr_at(ctx, 0, sizeof(*packet));

	if (!packet || packet->ethernet.h_proto != bpf_htons(ETH_P_IP) ||
	    packet->ip[9] != IPPROTO_UDP)
		return NULL;
	return packet->destination_port == bpf_htons(STREAM_PORT) ? packet : NULL;
}

static __always_inline void leave_trace(struct stream_packet *packet, __u8 who)
{
	__u64 place = packet->seen;

	MR_OPAQUE(place);
	if (place >= TRACE_LENGTH)
		return;
	packet->trace[place] = who;
	packet->seen = place + 1;
}

MR_STAGE(mark)
{
	struct stream_packet *packet = of_stream(ctx);

	if (packet)
		leave_trace(packet, id);
	return MR_NEXT;
}

MR_STAGE(decide)
{
	return of_stream(ctx) ? decided : MR_NEXT;
}

MR_STAGE(remember)
{
	__sync_fetch_and_add(&remembered, 1);
	return MR_NEXT;
}

/* A program array of the stage's own, which makes for one tail call more. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} detour SEC(".maps");

MR_STAGE(branch)
{
	bpf_tail_call_static(ctx, &detour, 0);
	return MR_NEXT;
}

/* Has no next stage. */
SEC(MR_SECTION)
int lone(mr_ctx *ctx)
{
	(void)ctx;
	return MR_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
