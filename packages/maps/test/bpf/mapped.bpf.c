// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Arrays and variables that user space maps into its memory, and programs that use them meanwhile.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct inner {
	__u16 port;
	__u8 flags : 3;
	__u8 kind : 5;
};

enum state { STATE_IDLE, STATE_BUSY };

/* One of everything that a value is made of */
struct cell {
	__u64 packets;
	__s64 balance;
	__u32 hits;
	__s32 delta;
	struct inner inner;
	__be32 address;
	char name[8];
	__u64 counts[4];
	struct inner ports[2];
	enum state state;
	union {
		__u32 word;
		__u8 octets[4];
	};
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct cell);
} cells SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} pair SEC(".maps");

const volatile __u32 step = 1;
__u64 total;
__u32 total32;
struct cell last;
struct cell first = {.packets = 7, .name = "first"};

/* Adds one to counters of 64 and 32 bits, as other CPUs may do at the same time. */
SEC("xdp")
int add(struct xdp_md *xdp)
{
	__u32 index = 1;
	struct cell *cell = bpf_map_lookup_elem(&cells, &index);

	if (!cell)
		return XDP_ABORTED;
	__sync_fetch_and_add(&cell->packets, step);
	__sync_fetch_and_add(&cell->hits, step);
	__sync_fetch_and_add(&total, step);
	__sync_fetch_and_add(&total32, step);
	return XDP_PASS;
}

/* Writes 8 bytes that are all the same, other ones each time. */
SEC("xdp")
int write_whole(struct xdp_md *xdp)
{
	__u32 index = 2;
	__u64 *value = bpf_map_lookup_elem(&pair, &index);

	if (!value)
		return XDP_ABORTED;
	*(volatile __u64 *)value = *(volatile __u64 *)value ? 0 : ~0ULL;
	return XDP_PASS;
}

/* Writes to every field, so that user space can see that both sides agree on where they are. */
SEC("xdp")
int fill(struct xdp_md *xdp)
{
	__u32 index = 3;
	struct cell *cell = bpf_map_lookup_elem(&cells, &index);

	if (!cell)
		return XDP_ABORTED;
	cell->packets = 0x1122334455667788ULL;
	cell->balance = -5;
	cell->hits = 0xfffffffe;
	cell->delta = -2;
	cell->inner.port = 443;
	cell->inner.flags = 5;
	cell->inner.kind = 17;
	cell->address = __builtin_bswap32(0xc0000201);
	__builtin_memcpy(cell->name, "whole", 6);
	cell->counts[2] = 42;
	cell->ports[1].port = 8080;
	cell->state = STATE_BUSY;
	cell->word = 0x04030201;
	last = *cell;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
