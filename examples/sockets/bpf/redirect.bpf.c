// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who calls a service, by TCP or UDP, reaches its backend, and is told of the service only. */
#include <millrace/sock_addr.h>

struct endpoint {
	ipv4_t address;
	__be16 port;
} __attribute__((packed));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct endpoint);
	__type(value, struct endpoint);
} backends SEC(".maps"), services SEC(".maps");

static __always_inline int translate(struct bpf_sock_addr *call, void *map)
{
	struct endpoint from = {mr_sock_addr_ipv4(call), mr_sock_addr_port(call)};
	struct endpoint *to = bpf_map_lookup_elem(map, &from);

	if (to) {
		mr_sock_addr_set_ipv4(call, to->address);
		mr_sock_addr_set_port(call, to->port);
	}
	return MR_ALLOW;
}

#define TRANSLATES(name, map)                \
	SEC("cgroup/" #name)                 \
	int name(struct bpf_sock_addr *call) \
	{                                    \
		return translate(call, map); \
	}
TRANSLATES(connect4, &backends)
TRANSLATES(sendmsg4, &backends)
TRANSLATES(recvmsg4, &services)
TRANSLATES(getpeername4, &services)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
