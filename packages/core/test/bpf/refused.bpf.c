// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// The verifier refuses each of these programs; the tests load them one by one.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

SEC("xdp")
int reads_past_packet(struct xdp_md *ctx)
{
	unsigned char *data = (void *)(long)ctx->data;

	return data[13] == 8 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int uses_null(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex;
	__u64 *value = bpf_map_lookup_elem(&table, &key);

	return *value == 0 ? XDP_DROP : XDP_PASS;
}

SEC("xdp")
int loops_forever(struct xdp_md *ctx)
{
	volatile __u32 turns = ctx->ingress_ifindex;

	while (turns != 1)
		turns += 2;
	return XDP_PASS;
}

/* A helper of tc programs, which XDP does not have. */
SEC("xdp")
int calls_wrong_helper(struct xdp_md *ctx)
{
	return bpf_skb_load_bytes(ctx, 0, &(__u32){0}, 4) ? XDP_DROP : XDP_PASS;
}

/* A helper that no kernel has. */
static long (*const no_such_helper)(void *ctx) = (void *)9999;

SEC("xdp")
int calls_unknown_helper(struct xdp_md *ctx)
{
	return no_such_helper(ctx) ? XDP_DROP : XDP_PASS;
}

struct no_such_struct___kernel {
	int no_such_field;
} __attribute__((preserve_access_index));

/* CO-RE: a field that no kernel has. */
SEC("tp_btf/sched_switch")
int relocates_nothing(unsigned long long *ctx)
{
	struct no_such_struct___kernel *it = (void *)ctx[0];

	return it->no_such_field;
}

char _license[] SEC("license") = "Dual BSD/GPL";
