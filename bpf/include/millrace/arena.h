// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Arenas: memory of pages that programs and user space share. Linux 6.9.
 *
 *	MR_ARENA(nodes, 1024);
 *
 *	struct node {
 *		__u64 next;		// a pointer; user space reads it as a number
 *		__u64 value;
 *	};
 *
 *	struct node mr_arena *node = bpf_arena_alloc_pages(&nodes, NULL, 1, MR_ANY_NODE, 0);
 *
 * Pages are allocated and freed by programs that may sleep (SEC("syscall")); every program may use
 * them. Global variables that are `mr_arena` lie in the arena, from its first byte on.
 */
#ifndef MILLRACE_ARENA_H
#define MILLRACE_ARENA_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Of a type: it lies in the arena; of a pointer: it points there. */
#define mr_arena __attribute__((address_space(1)))

#define MR_ANY_NODE (-1)

/* BPF_MAP_TYPE_ARENA, which older headers do not have */
#define MR_MAP_TYPE_ARENA 33

/* An arena of so many pages. An object has one at most. */
#define MR_ARENA(name, pages)                      \
	struct {                                   \
		__uint(type, MR_MAP_TYPE_ARENA);   \
		__uint(map_flags, BPF_F_MMAPABLE); \
		__uint(max_entries, pages);        \
	} name SEC(".maps")

/* Null when there is no memory, or no room; `address` null: wherever there is room. */
void mr_arena *bpf_arena_alloc_pages(void *arena, void mr_arena *address, __u32 pages, int node,
				     __u64 flags) __ksym __weak;
void bpf_arena_free_pages(void *arena, void mr_arena *pages, __u32 count) __ksym __weak;

#endif
