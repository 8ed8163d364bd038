// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A linked list in an arena, which a program makes, both sides extend, and a program on the packet
// path goes through.
#include <millrace/arena.h>

MR_ARENA(arena, 64);

struct node {
	__u64 next;
	__u64 value;
};

struct root {
	__u64 head;
	__u64 visits;
	__u32 walks;
};

/* Lies in the arena: its first bytes. */
struct root mr_arena root;

__u64 sum;
__u32 length;
__u32 wanted = 10;

#define NODE(pointer) ((struct node mr_arena *)(pointer))

/* Puts nodes of 0, 1, 4, 9 ... in front of the list, on a page of their own. */
SEC("syscall")
int build(void *context)
{
	struct node mr_arena *page = bpf_arena_alloc_pages(&arena, NULL, 1, MR_ANY_NODE, 0);
	__u32 i;

	if (!page)
		return 1;
	for (i = 0; i < 100 && i < wanted; i++) {
		page[i].value = (__u64)i * i;
		page[i].next = root.head;
		root.head = (__u64)&page[i];
	}
	return 0;
}

/* Gives the page of the first node back. */
SEC("syscall")
int release(void *context)
{
	void mr_arena *page = (void mr_arena *)(root.head & ~4095ULL);

	bpf_arena_free_pages(&arena, page, 1);
	root.head = 0;
	return 0;
}

SEC("xdp")
int walk(struct xdp_md *xdp)
{
	struct node mr_arena *node = NODE(root.head);
	int i;

	sum = 0;
	length = 0;
	for (i = 0; i < 1000 && node; i++) {
		sum += node->value;
		length++;
		__sync_fetch_and_add(&root.visits, 1);
		node = NODE(node->next);
	}
	__sync_fetch_and_add(&root.walks, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
