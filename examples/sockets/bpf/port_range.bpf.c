// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One listener for many ports of an address. */
#include <linux/in.h>
#include <millrace/sk_lookup.h>

const volatile ipv4_t address;
const volatile __u16 first_port, last_port;

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} listeners SEC(".maps");

SEC("sk_lookup")
int choose(struct bpf_sk_lookup *lookup)
{
	__u16 port = bpf_ntohs(mr_sk_lookup_local_port(lookup));
	__u32 only = 0;

	if (lookup->family == 2 && lookup->protocol == IPPROTO_TCP &&
	    mr_sk_lookup_local_ipv4(lookup) == address && port >= first_port && port <= last_port)
		mr_sk_lookup_choose(lookup, &listeners, &only);
	return SK_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
