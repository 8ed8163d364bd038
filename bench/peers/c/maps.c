// SPDX-License-Identifier: Apache-2.0
// The map measures with libbpf, in nanoseconds an entry.
#include <errno.h>
#include <stdlib.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/types.h>
#include "clock.h"
#include "contender.h"

#define ENTRIES 100000u
#define MILLION 1000000u
#define BATCH	4096u
#define VALUES	1024u

struct counters {
	__u64 packets;
	__u64 bytes;
};

// Made beforehand: what is timed is the map.
static __u32 scattered[ENTRIES], indices[ENTRIES], million[MILLION];
static struct counters samples[VALUES];
static __u64 sum_of_packets;
static int hash, array, per_cpu, large;
static struct counters *of_cpus;
static int cpus;

static void scatter(__u32 *keys, __u32 length)
{
	for (__u32 i = 0; i < length; i++)
		keys[i] = (__u32)((__u64)i * 61843 % length) * 2654435761u;
}

static int check(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

static int create(enum bpf_map_type type, const char *name, __u32 entries)
{
	return check(bpf_map_create(type, name, 4, sizeof(struct counters), entries, NULL), name);
}

static void verify(__u64 sum)
{
	if (sum != sum_of_packets)
		exit(2);
}

static double per_entry(double start, __u32 entries)
{
	return (cpu_ns() - start) / entries;
}

static double get(int map, const __u32 *keys)
{
	struct counters value;
	__u64 sum = 0;
	double start = cpu_ns();

	for (__u32 i = 0; i < ENTRIES; i++) {
		check(bpf_map_lookup_elem(map, &keys[i], &value), "get");
		sum += value.packets;
	}
	verify(sum);
	return per_entry(start, ENTRIES);
}

static double set(int map, const __u32 *keys)
{
	double start = cpu_ns();

	for (__u32 i = 0; i < ENTRIES; i++)
		check(bpf_map_update_elem(map, &keys[i], &samples[i % VALUES], BPF_ANY), "set");
	return per_entry(start, ENTRIES);
}

static double hash_get(void)
{
	return get(hash, scattered);
}

static double hash_set(void)
{
	return set(hash, scattered);
}

static double hash_delete(void)
{
	double start, took;

	set(hash, scattered);
	start = cpu_ns();
	for (__u32 i = 0; i < ENTRIES; i++)
		check(bpf_map_delete_elem(hash, &scattered[i]), "delete");
	took = per_entry(start, ENTRIES);
	set(hash, scattered);
	return took;
}

static double array_get(void)
{
	return get(array, indices);
}

static double array_set(void)
{
	return set(array, indices);
}

static double per_cpu_get(void)
{
	__u64 sum = 0;
	double start = cpu_ns();

	for (__u32 i = 0; i < ENTRIES; i++) {
		check(bpf_map_lookup_elem(per_cpu, &i, of_cpus), "get of all CPUs");
		for (int cpu = 0; cpu < cpus; cpu++)
			sum += of_cpus[cpu].packets;
	}
	verify(sum);
	return per_entry(start, ENTRIES);
}

static double iterate(void)
{
	static __u32 keys[BATCH];
	static struct counters values[BATCH];
	__u32 token;
	__u64 sum = 0;
	void *in = NULL;
	double start = cpu_ns();

	for (int last = 0; !last;) {
		__u32 count = BATCH;
		int result = bpf_map_lookup_batch(hash, in, &token, keys, values, &count, NULL);

		last = result < 0;
		if (last && errno != ENOENT)
			check(result, "read a batch");
		for (__u32 i = 0; i < count; i++)
			sum += values[i].packets;
		in = &token;
	}
	verify(sum);
	return per_entry(start, ENTRIES);
}

static double fill(int map, const __u32 *keys, __u32 entries)
{
	static struct counters values[BATCH];
	double start = cpu_ns();

	for (__u32 done = 0, count; done < entries; done += count) {
		count = entries - done < BATCH ? entries - done : BATCH;
		for (__u32 i = 0; i < count; i++)
			values[i] = samples[(done + i) % VALUES];
		check(bpf_map_update_batch(map, &keys[done], values, &count, NULL), "set a batch");
	}
	return per_entry(start, entries);
}

static double empty(int map, const __u32 *keys, __u32 entries)
{
	double start = cpu_ns();

	for (__u32 done = 0, count; done < entries; done += count) {
		count = entries - done < BATCH ? entries - done : BATCH;
		check(bpf_map_delete_batch(map, &keys[done], &count, NULL), "delete a batch");
	}
	return per_entry(start, entries);
}

static double set_batches(void)
{
	return fill(hash, scattered, ENTRIES);
}

static double delete_batches(void)
{
	double took;

	took = empty(hash, scattered, ENTRIES);
	fill(hash, scattered, ENTRIES);
	return took;
}

static double fill_million(void)
{
	double took = fill(large, million, MILLION);

	empty(large, million, MILLION);
	return took;
}

int main(void)
{
	cpus = libbpf_num_possible_cpus();
	of_cpus = calloc(cpus, sizeof(*of_cpus));
	hash = create(BPF_MAP_TYPE_HASH, "bench_hash", ENTRIES);
	array = create(BPF_MAP_TYPE_ARRAY, "bench_array", ENTRIES);
	per_cpu = create(BPF_MAP_TYPE_PERCPU_ARRAY, "bench_per_cpu", ENTRIES);
	large = create(BPF_MAP_TYPE_HASH, "bench_large", MILLION);
	scatter(scattered, ENTRIES);
	scatter(million, MILLION);
	for (__u32 i = 0; i < VALUES; i++)
		samples[i] = (struct counters){.packets = i, .bytes = 1};
	for (__u32 i = 0; i < ENTRIES; i++) {
		sum_of_packets += i % VALUES;
		indices[i] = i;
		of_cpus[0] = samples[i % VALUES];
		check(bpf_map_update_elem(per_cpu, &i, of_cpus, BPF_ANY), "set of all CPUs");
	}
	set(hash, scattered);
	set(array, indices);
	serve((struct row[]){{"hash get", hash_get},
			     {"hash set", hash_set},
			     {"hash delete", hash_delete},
			     {"array get", array_get},
			     {"array set", array_set},
			     {"per-CPU array get", per_cpu_get},
			     {"per-CPU array get, summed", per_cpu_get},
			     {"hash iterate", iterate},
			     {"hash read into own buffers", iterate},
			     {"hash set, in batches", set_batches},
			     {"hash delete, in batches", delete_batches},
			     {"hash of a million, filled", fill_million}},
	      12);
	return 0;
}
