// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every function of sk_lookup.h: tells what is looked up, and chooses a socket. */
#include <millrace/sk_lookup.h>

struct lookup {
	__u32 family;
	__u32 protocol;
	ipv4_t local_ipv4;
	ipv4_t remote_ipv4;
	ipv6_t local_ipv6;
	ipv6_t remote_ipv6;
	__be16 local_port;
	__be16 remote_port;
	/* of mr_sk_lookup_choose() */
	__s64 error;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct lookup);
} last SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

/* Index in `sockets` of the one to choose. */
const volatile __u32 chosen = 0;

SEC("sk_lookup")
int choose(struct bpf_sk_lookup *ctx)
{
	struct lookup lookup = {.family = ctx->family, .protocol = ctx->protocol};
	__u32 zero = 0, index = chosen;

	lookup.local_port = mr_sk_lookup_local_port(ctx);
	lookup.remote_port = mr_sk_lookup_remote_port(ctx);
	if (ctx->family == 2) {
		lookup.local_ipv4 = mr_sk_lookup_local_ipv4(ctx);
		lookup.remote_ipv4 = mr_sk_lookup_remote_ipv4(ctx);
	} else {
		lookup.local_ipv6 = mr_sk_lookup_local_ipv6(ctx).ipv6;
		lookup.remote_ipv6 = mr_sk_lookup_remote_ipv6(ctx).ipv6;
	}
	lookup.error = mr_sk_lookup_choose(ctx, &sockets, &index);
	bpf_map_update_elem(&last, &zero, &lookup, BPF_ANY);
	return SK_PASS;
}

SEC("sk_lookup")
int refuse(struct bpf_sk_lookup *ctx)
{
	return SK_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
