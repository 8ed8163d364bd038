// SPDX-License-Identifier: Apache-2.0
// One round of the map measures with libbpf: prints {"row": nanoseconds per operation}.
#include <stdlib.h>
#include <errno.h>
#include <bpf/bpf.h>
#include <linux/types.h>
#include "clock.h"

#define ENTRIES 100000u
#define BATCH	4096u
#define VALUES	1024u

struct counters {
	__u64 packets;
	__u64 bytes;
};

// Made beforehand: what is timed is the map.
static __u32 scattered[ENTRIES], indices[ENTRIES];
static struct counters samples[VALUES];
static __u64 sum_of_packets;

static void make_entries(void)
{
	for (__u32 i = 0; i < VALUES; i++)
		samples[i] = (struct counters){.packets = i, .bytes = 1};
	for (__u32 i = 0; i < ENTRIES; i++) {
		sum_of_packets += i % VALUES;
		scattered[i] = (__u32)((__u64)i * 61843 % ENTRIES) * 2654435761u;
		indices[i] = i;
	}
}

static int check(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

static void lookups(const char *row, int map, const __u32 *keys)
{
	struct counters value;
	__u64 sum = 0;
	double start = cpu_ns();

	for (__u32 i = 0; i < ENTRIES; i++) {
		check(bpf_map_lookup_elem(map, &keys[i], &value), row);
		sum += value.packets;
	}
	report(row, (cpu_ns() - start) / ENTRIES, 0);
	if (sum != sum_of_packets)
		exit(2);
}

static void fill(const char *row, int map, const __u32 *keys)
{
	for (__u32 i = 0; i < ENTRIES; i++) {
		check(bpf_map_update_elem(map, &keys[i], &samples[i % VALUES], BPF_ANY), row);
	}
}

// The first pass inserts, the second replaces and is what is timed.
static void updates(const char *row, int map, const __u32 *keys)
{
	double start;

	fill(row, map, keys);
	start = cpu_ns();
	fill(row, map, keys);
	report(row, (cpu_ns() - start) / ENTRIES, 0);
}

static void iterate(const char *row, int map)
{
	__u32 *keys = malloc(BATCH * sizeof(*keys)), token, entries = 0;
	struct counters *values = malloc(BATCH * sizeof(*values));
	__u64 sum = 0;
	void *in = NULL;
	double start = cpu_ns();

	for (int last = 0; !last;) {
		__u32 count = BATCH;
		int result = bpf_map_lookup_batch(map, in, &token, keys, values, &count, NULL);

		last = result < 0;
		if (last && errno != ENOENT)
			check(result, row);
		for (__u32 i = 0; i < count; i++)
			sum += values[i].packets;
		entries += count;
		in = &token;
	}
	report(row, (cpu_ns() - start) / entries, 1);
	if (sum != sum_of_packets)
		exit(2);
}

int main(void)
{
	int hash = check(bpf_map_create(BPF_MAP_TYPE_HASH, "bench_hash", 4, 16, ENTRIES, NULL),
			 "hash");
	int array = check(bpf_map_create(BPF_MAP_TYPE_ARRAY, "bench_array", 4, 16, ENTRIES, NULL),
			  "array");

	make_entries();
	printf("{");
	updates("hash set", hash, scattered);
	lookups("hash get", hash, scattered);
	updates("array set", array, indices);
	lookups("array get", array, indices);
	iterate("hash iterate", hash);
	return 0;
}
