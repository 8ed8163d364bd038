// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A program that chooses among the sockets of one port.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} workers SEC(".maps");

__u32 chosen = 0;
__u32 asked = 0;
__s32 last_result = 0;

SEC("sk_reuseport")
int choose(struct sk_reuseport_md *context)
{
	__u32 index = chosen;

	asked++;
	last_result = bpf_sk_select_reuseport(context, &workers, &index, 0);
	return SK_PASS;
}

SEC("sk_reuseport")
int refuse(struct sk_reuseport_md *context)
{
	(void)context;
	return SK_DROP;
}

SEC("xdp")
int other(struct xdp_md *xdp)
{
	(void)xdp;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
