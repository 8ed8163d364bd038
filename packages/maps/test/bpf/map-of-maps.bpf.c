// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A map of maps of each kind, whose inner maps a program reads.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define RING_SIZE 16

struct route {
	__u32 gateway;
	__u32 metric;
};

struct table {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, struct route);
};

struct table first SEC(".maps"), second SEC(".maps");

/* Filled in C: tenant tables by number. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct table);
} tables SEC(".maps") = {
	.values = {[0] = &first, [2] = &second},
};

/* Each inner map is a ring of numbers that are all the same. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 8);
	__type(key, __u32);
	__array(
		values, struct {
			__uint(type, BPF_MAP_TYPE_ARRAY);
			__uint(max_entries, RING_SIZE);
			__type(key, __u32);
			__type(value, __u64);
		});
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 16);
	__type(key, __u64);
	__array(
		values, struct {
			__uint(type, BPF_MAP_TYPE_ARRAY);
			__uint(max_entries, RING_SIZE);
			__type(key, __u32);
			__type(value, __u64);
		});
} rings_by_name SEC(".maps");

/* Of the array of maps, and of the hash of maps. */
__u64 whole[2];
__u64 missing[2];
__u64 torn[2];
/* How often a number was smaller than the one that was seen before. */
__u64 backwards[2];
__u64 newest[2][8];

static __always_inline void see(__u32 kind, void *ring, __u32 index)
{
	__u64 first = 0;
	__u64 differ = 0;
	__u32 i;

	if (!ring) {
		__sync_fetch_and_add(&missing[kind], 1);
		return;
	}
	for (i = 0; i < RING_SIZE; i++) {
		__u32 key = i;
		__u64 *number = bpf_map_lookup_elem(ring, &key);

		if (!number)
			return;
		if (i == 0)
			first = *number;
		differ |= *number ^ first;
	}
	__sync_fetch_and_add(&whole[kind], 1);
	if (differ)
		__sync_fetch_and_add(&torn[kind], 1);
	if (first < newest[kind][index & 7])
		__sync_fetch_and_add(&backwards[kind], 1);
	else
		newest[kind][index & 7] = first;
}

/* Reads all numbers of the ring whose index the packet begins with, and of the one of that name. */
SEC("xdp")
int read_rings(struct xdp_md *xdp)
{
	void *data = (void *)(long)xdp->data;
	__u32 *wanted = data;
	__u64 name;
	__u32 index;

	if ((void *)(wanted + 1) > (void *)(long)xdp->data_end)
		return XDP_ABORTED;
	index = *wanted & 7;
	name = index;
	see(0, bpf_map_lookup_elem(&rings, &index), index);
	see(1, bpf_map_lookup_elem(&rings_by_name, &name), index);
	return XDP_PASS;
}

/* Finds the gateway of a tenant (first word) to a network (second word); 0: there is none. */
SEC("xdp")
int find_gateway(struct xdp_md *xdp)
{
	__u32 *wanted = (void *)(long)xdp->data;
	struct route *route;
	void *table;

	if ((void *)(wanted + 2) > (void *)(long)xdp->data_end)
		return 0;
	table = bpf_map_lookup_elem(&tables, &wanted[0]);
	if (!table)
		return 0;
	route = bpf_map_lookup_elem(table, &wanted[1]);
	return route ? route->gateway : 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
