// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Two stages, of which the second tells what the first has noted. */

#include <millrace/ethernet.h>
#include <millrace/metadata.h>
#include <millrace/stage.h>
#include <millrace/types.h>

struct note {
	__u64 number;
	__be16 protocol;
	__u8 last_byte;
	bool seen;
	__u32 length;
};
MR_METADATA(struct note);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct note);
} told SEC(".maps");

/* packets that came to `tell` without a note */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} missing SEC(".maps");

const volatile __u64 number = 0;

/* Notes what it sees of the packet. */
MR_STAGE(note)
{
	struct note *note = mr_metadata_reserve(ctx);
	struct ethhdr *ethernet = mr_at(ctx, 0, sizeof(*ethernet));
	__u8 *last = mr_at(ctx, mr_length(ctx) - 1, 1);

	if (!note)
		return MR_ABORTED;
	note->number = number;
	note->length = mr_length(ctx);
	if (ethernet)
		note->protocol = ethernet->h_proto;
	if (last)
		note->last_byte = *last;
	return MR_NEXT;
}

/* Reserves and notes nothing. */
MR_STAGE(reserve)
{
	return mr_metadata_reserve(ctx) ? MR_NEXT : MR_ABORTED;
}

/* Changes what was noted. */
MR_STAGE(amend)
{
	struct note *note = mr_metadata(ctx);

	if (note) {
		note->number++;
		note->seen = true;
	}
	return MR_NEXT;
}

static __always_inline void copy_note(const struct note *note)
{
	__u32 zero = 0;
	struct note *copy = bpf_map_lookup_elem(&told, &zero);

	if (!copy)
		return;
	copy->number = note->number;
	copy->protocol = note->protocol;
	copy->last_byte = note->last_byte;
	copy->seen = note->seen;
	copy->length = note->length;
}

/* Notes over and over, whether there is a note already or not, for what a compiler makes of it. */
MR_STAGE(note_again)
{
	struct note *note = mr_metadata(ctx);
	struct note before = {};
	__u8 *byte;

	if (note)
		before = *note;
	else
		note = mr_metadata_reserve(ctx);
	if (!note)
		return MR_ABORTED;
	note->number = before.number + 1;
	for (int offset = 0; offset < 4; offset++) {
		byte = mr_at(ctx, offset, 1);
		if (!byte || note->length == 0xffffffff)
			return MR_DROP;
		if (*byte == note->last_byte)
			note->length++;
		else if (*byte > note->last_byte)
			note->number += note->length;
	}
	note->seen = before.seen || note->length > 2;
	return MR_NEXT;
}

/* Tells user space. */
MR_STAGE(tell)
{
	struct note *note = mr_metadata(ctx);
	__u32 zero = 0;
	__u64 *count;

	if (note) {
		copy_note(note);
		return MR_NEXT;
	}
	count = bpf_map_lookup_elem(&missing, &zero);
	if (count)
		__sync_fetch_and_add(count, 1);
	return MR_NEXT;
}
