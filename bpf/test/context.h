// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* What context.h offers, one program a function; the packet itself says what to do. */

#include <millrace/ethernet.h>
#include <millrace/context.h>

struct facts {
	__u32 length;
	__u32 linear_length;
	/* linear, once `amount` bytes were pulled; pull_error if that failed */
	__u32 pulled_length;
	__s32 pull_error;
	__u32 ifindex;
	__u32 rx_queue;
	__u16 vlan_tci;
	bool vlan_offloaded;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct facts);
} results SEC(".maps");

/* What a program is told to do. */
const volatile __s32 amount = 0;

SEC(MR_SECTION)
int tell(mr_ctx *ctx)
{
	struct facts *facts;
	__u32 zero = 0;

	facts = bpf_map_lookup_elem(&results, &zero);
	if (!facts)
		return MR_ABORTED;
	facts->length = mr_length(ctx);
	facts->linear_length = mr_linear_length(ctx);
	facts->ifindex = mr_ifindex(ctx);
	facts->rx_queue = mr_rx_queue(ctx);
	facts->vlan_tci = 0;
	facts->vlan_offloaded = mr_vlan_offloaded(ctx, &facts->vlan_tci);
	facts->pull_error = mr_pull(ctx, amount);
	facts->pulled_length = mr_linear_length(ctx);
	return MR_PASS;
}

/* Adjusts the room by `amount` and fills the first 20 bytes of it where it grew. */
SEC(MR_SECTION)
int adjust(mr_ctx *ctx)
{
	__u8 *room;

	if (mr_adjust_room(ctx, amount))
		return MR_DROP;
	if (amount >= 20) {
		room = mr_at(ctx, ETH_HLEN, 20);
		if (!room)
			return MR_ABORTED;
		for (int i = 0; i < 20; i++)
			room[i] = i + 1;
	}
	return MR_PASS;
}

/* Flips the byte at offset `amount`. */
SEC(MR_SECTION)
int flip(mr_ctx *ctx)
{
	__u8 *byte = mr_at(ctx, amount, 1);

	if (!byte)
		return MR_DROP;
	*byte = ~*byte;
	return MR_PASS;
}

SEC(MR_SECTION)
int swap_and_transmit(mr_ctx *ctx)
{
	struct mr_cursor cursor = mr_cursor(ctx);
	struct mr_ethernet_header *ethernet = mr_parse_ethernet(&cursor);

	if (!ethernet)
		return MR_ABORTED;
	mr_ethernet_swap(ethernet);
	return mr_transmit(ctx);
}

SEC(MR_SECTION)
int redirect(mr_ctx *ctx)
{
	return mr_redirect(ctx, amount);
}

SEC(MR_SECTION)
int abort_it(mr_ctx *ctx)
{
	return MR_ABORTED;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
