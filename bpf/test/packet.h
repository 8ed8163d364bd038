// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Parses a packet in one call and leaves what was found in a map. */

#include <millrace/packet.h>

struct parsed {
	enum mr_status status;
	struct mr_packet packet;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct parsed);
} results SEC(".maps");

SEC(MR_SECTION)
int parse(mr_ctx *ctx)
{
	struct parsed *result;
	__u32 zero = 0;

	result = bpf_map_lookup_elem(&results, &zero);
	if (!result)
		return MR_ABORTED;
	result->status = mr_parse(ctx, &result->packet);
	return result->status == MR_OK ? MR_PASS : MR_DROP;
}

/* The same with the packet on the stack, and the way back to the payload by its offset. */
SEC(MR_SECTION)
int first_payload_byte(mr_ctx *ctx)
{
	struct mr_packet packet;
	__u8 *byte;

	if (mr_parse(ctx, &packet) != MR_OK)
		return MR_DROP;
	byte = mr_at(ctx, packet.payload_offset, 1);
	return byte ? *byte : MR_ABORTED;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
