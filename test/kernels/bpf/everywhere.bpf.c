// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the oldest kernel of the matrix has: constants, variables, maps, events, and a program of each kind.
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct hits {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct hits);
} hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");


const volatile __u32 verdict = XDP_PASS;
const volatile __u32 slot = 3;
__u64 seen;

/* Counts packets under the slot that a constant names, and decides as another one says. */
SEC("xdp")
int count(struct xdp_md *ctx)
{
	struct hits one = {.packets = 1, .bytes = ctx->data_end - ctx->data};
	__u32 key = slot;
	struct hits *known = bpf_map_lookup_elem(&hits, &key);

	__sync_fetch_and_add(&seen, 1);
	if (known) {
		__sync_fetch_and_add(&known->packets, 1);
		__sync_fetch_and_add(&known->bytes, one.bytes);
	} else {
		bpf_map_update_elem(&hits, &key, &one, BPF_NOEXIST);
	}
	return verdict;
}

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_DROP;
}

SEC("xdp")
int jump(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &next, 1);
	return XDP_PASS;
}

SEC("tc")
int tc_drop(struct __sk_buff *skb)
{
	(void)skb;
	__sync_fetch_and_add(&seen, 1);
	return 2;
}

SEC("cgroup_skb/egress")
int leaving(struct __sk_buff *skb)
{
	(void)skb;
	__sync_fetch_and_add(&seen, 1);
	return 1;
}

SEC("cgroup/connect4")
int connecting(struct bpf_sock_addr *ctx)
{
	__sync_fetch_and_add(&seen, 1);
	return ctx->user_port != bpf_htons(4);
}

SEC("sockops")
int operation(struct bpf_sock_ops *ctx)
{
	(void)ctx;
	__sync_fetch_and_add(&seen, 1);
	return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
