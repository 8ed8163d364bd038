// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs of network namespaces that do nothing but tell that they ran. */
#include <millrace/flow_dissector.h>
#include <millrace/sk_lookup.h>

/* In which order programs ran, one decimal digit each. */
__u64 turns = 0;

SEC("sk_lookup")
int look_one(struct bpf_sk_lookup *lookup)
{
	turns = turns * 10 + 1;
	return SK_PASS;
}

SEC("sk_lookup")
int look_two(struct bpf_sk_lookup *lookup)
{
	turns = turns * 10 + 2;
	return SK_PASS;
}

SEC("flow_dissector")
int dissect_one(struct __sk_buff *skb)
{
	return BPF_DROP;
}

SEC("flow_dissector")
int dissect_two(struct __sk_buff *skb)
{
	return BPF_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
