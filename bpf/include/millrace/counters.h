// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_COUNTERS_H
#define MILLRACE_COUNTERS_H

/*
 * Packet and byte counters: an array with a row for each CPU, so that counting needs no atomic
 * operation. Kernel 4.6.
 */

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct mr_counter {
	__u64 packets;
	__u64 bytes;
};

/* Declares the per-CPU array `name` with `entries` counters, by index from 0. */
#define MR_COUNTERS(name, entries)                       \
	struct {                                         \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); \
		__uint(max_entries, entries);            \
		__type(key, __u32);                      \
		__type(value, struct mr_counter);        \
	} name SEC(".maps")

/* Counts one packet of `bytes` bytes in `counters[index]`; beyond the array's end, nothing. */
static __always_inline void mr_count(void *counters, __u32 index, __u64 bytes)
{
	struct mr_counter *counter = bpf_map_lookup_elem(counters, &index);

	if (counter) {
		counter->packets++;
		counter->bytes += bytes;
	}
}

/*
 * Counts one packet of `bytes` bytes in a counter that all CPUs share, such as the value of a hash
 * map.
 */
static __always_inline void mr_count_shared(struct mr_counter *counter, __u64 bytes)
{
	__sync_fetch_and_add(&counter->packets, 1);
	__sync_fetch_and_add(&counter->bytes, bytes);
}

#endif
