// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A map of each kind without keys, used by a program.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, __u32);
} asked SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, 4);
	__type(value, __u32);
} answered SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 100);
	__uint(map_extra, 3);
	__type(value, __u32);
} known SEC(".maps");

/* Answers what is asked next, if it is known; 0: nothing is asked, 1: not known, 2: answered */
SEC("xdp")
int answer(struct xdp_md *xdp)
{
	__u32 number;

	(void)xdp;
	if (bpf_map_pop_elem(&asked, &number))
		return 0;
	if (bpf_map_peek_elem(&known, &number))
		return 1;
	bpf_map_push_elem(&answered, &number, BPF_EXIST);
	return 2;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
