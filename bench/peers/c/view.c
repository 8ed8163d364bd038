// SPDX-License-Identifier: Apache-2.0
// The view measures in C: an array map in mapped memory, in nanoseconds an operation.
#include <stdlib.h>
#include <sys/mman.h>
#include <bpf/bpf.h>
#include <linux/types.h>
#include "clock.h"
#include "contender.h"

#define LENGTH	   64u
#define OPERATIONS 1000000u
#define CALLS	   20000u

struct hits {
	__u64 packets;
	__u64 bytes;
};

// A value begins every 8 bytes, and a struct every 16.
static volatile __u64 *wide, *narrow;
static volatile struct hits *hits;
static int map;
static volatile __u64 sink;

static void *create(const char *name, __u32 size, int *fd)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	void *memory;

	*fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, name, 4, size, LENGTH, &options);
	if (*fd < 0) {
		perror(name);
		exit(1);
	}
	memory = mmap(NULL, (size_t)((size + 7) / 8 * 8) * LENGTH, PROT_READ | PROT_WRITE,
		      MAP_SHARED, *fd, 0);
	if (memory == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return memory;
}

#define MEASURE(name, count, operation)               \
	static double name(void)                      \
	{                                             \
		__u64 sum = 0;                        \
		double start = cpu_ns();              \
                                                      \
		for (__u32 i = 0; i < (count); i++) { \
			__u32 at = i % LENGTH;        \
			(void)at;                     \
			operation;                    \
		}                                     \
		start = (cpu_ns() - start) / (count); \
		sink = sum;                           \
		return start;                         \
	}

static __u64 look_up(__u32 index)
{
	__u64 value = 0;

	if (bpf_map_lookup_elem(map, &index, &value))
		exit(1);
	return value;
}

MEASURE(read_wide, OPERATIONS, sum += wide[at])
MEASURE(read_narrow, OPERATIONS, sum += *(volatile __u32 *)&narrow[at])
MEASURE(read_field, OPERATIONS, sum += hits[at].packets)
MEASURE(read_struct, OPERATIONS, struct hits copy = hits[at]; sum += copy.packets)
MEASURE(read_one, OPERATIONS, sum += hits[7].bytes)
MEASURE(write_wide, OPERATIONS, wide[at] = at)
MEASURE(load, OPERATIONS, sum += __atomic_load_n(&wide[at], __ATOMIC_SEQ_CST))
MEASURE(add, OPERATIONS, sum += __atomic_fetch_add(&hits[at].packets, 0, __ATOMIC_SEQ_CST))
MEASURE(call, CALLS, sum += look_up(7))

int main(void)
{
	static const struct row rows[] = {
		{"mapped counter read", read_wide},
		{"mapped counter of 32 bits read", read_narrow},
		{"mapped field of a struct read", read_field},
		{"mapped struct of 16 bytes copied", read_struct},
		{"mapped single value read", read_one},
		{"mapped counter write", write_wide},
		{"mapped counter read, atomically", load},
		{"mapped counter add, atomically", add},
		{"array counter read, by a system call", call},
	};
	int fd;

	wide = create("counters", 8, &map);
	narrow = create("narrow", 4, &fd);
	hits = create("hits", sizeof(struct hits), &fd);
	serve(rows, sizeof(rows) / sizeof(*rows));
	return 0;
}
