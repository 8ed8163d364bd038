// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Stages that leave a trace in the packets of a stream, and others. */

#include <millrace/counters.h>
#include <millrace/stage.h>
#include "stream.h"

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

MR_STAGE(mark)
{
	leave_trace(ctx, id);
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
