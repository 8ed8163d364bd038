// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* All packets between two hosts are one flow, so that one processor has them all (RPS). */
#include <millrace/flow_dissector.h>
#include <millrace/ipv4.h>

__u64 dissected = 0;

SEC("flow_dissector")
int dissect(struct __sk_buff *skb)
{
	struct bpf_flow_keys *keys = mr_flow_keys(skb);
	struct mr_ipv4_header buffer;
	const struct mr_ipv4_header *ip = mr_flow_header(skb, keys->nhoff, &buffer, sizeof(buffer));

	if (keys->n_proto != bpf_htons(ETH_P_IP) || !ip)
		return BPF_DROP;
	__sync_fetch_and_add(&dissected, 1);
	mr_flow_set_ipv4(keys, ip->source, ip->destination);
	keys->thoff = keys->nhoff + sizeof(*ip);
	return BPF_OK;
}

/* The hash by which the kernel spreads packets. */
__u32 hash = 0;

SEC("tc")
int show_hash(struct __sk_buff *skb)
{
	bpf_set_hash_invalid(skb);
	if (skb->protocol == bpf_htons(ETH_P_IP))
		hash = bpf_get_hash_recalc(skb);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
