// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs that share an interface, and note by whom and in which order a packet was seen. */
#include <millrace/xdp.h>
#include <millrace/counters.h>
#include <linux/if_ether.h>
#include <bpf/bpf_endian.h>

/* Of ARP and the like no notes are made. */
#define TRACED_PORT  9000
#define TRACE_LENGTH 64

struct trace {
	__u32 length;
	__u32 marks[TRACE_LENGTH];
};

/* One for all processes that share an interface. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct trace);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} trace SEC(".maps");

MR_COUNTERS(seen, 1);

/* What it leaves in the trace. */
const volatile __u32 mark = '?';

/* What it returns; may change while it runs. */
volatile __u32 verdict = XDP_PASS;

/* UDP to TRACED_PORT, in IPv4 without options. */
static __always_inline bool is_traced(struct xdp_md *ctx)
{
	__u8 *data = (void *)(long)ctx->data;

	if ((void *)(data + 38) > (void *)(long)ctx->data_end)
		return false;
	return *(__be16 *)(data + 12) == bpf_htons(ETH_P_IP) && data[23] == 17 &&
	       *(__be16 *)(data + 36) == bpf_htons(TRACED_PORT);
}

static __always_inline int note(struct xdp_md *ctx)
{
	struct trace *notes;
	__u32 zero = 0, step;

	if (!is_traced(ctx))
		return XDP_PASS;
	mr_count(&seen, 0, mr_length(ctx));
	notes = bpf_map_lookup_elem(&trace, &zero);
	if (!notes)
		return XDP_ABORTED;
	/* Not atomic: it is read only after single packets. */
	step = notes->length;
	if (step < TRACE_LENGTH) {
		notes->marks[step] = mark;
		notes->length = step + 1;
	}
	return verdict;
}

SEC("xdp")
int member(struct xdp_md *ctx)
{
	return note(ctx);
}

/* The same by another name. */
SEC("xdp")
int another(struct xdp_md *ctx)
{
	return note(ctx);
}

SEC("xdp.frags")
int member_frags(struct xdp_md *ctx)
{
	return note(ctx);
}

/* Moves the packet's start, and back, as whoever takes a tunnel's header off would. */
SEC("xdp")
int resizing(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_head(ctx, 14) || bpf_xdp_adjust_head(ctx, -14))
		return XDP_ABORTED;
	return note(ctx);
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

/* The first of a chain of tail calls. */
SEC("xdp")
int calling(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &next, 0);
	return XDP_ABORTED;
}

/* A slot takes only what returns an int. */
SEC("xdp")
enum xdp_action returning_enum(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int not_xdp(struct __sk_buff *skb)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
