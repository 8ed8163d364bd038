// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Servers of a control group that bind to every address get one of their own, and any port. */
#include <millrace/sock_addr.h>

const volatile ipv4_t own_address;

SEC("cgroup/bind4")
int bind4(struct bpf_sock_addr *call)
{
	if (mr_ipv4_is_unspecified(mr_sock_addr_ipv4(call)))
		mr_sock_addr_set_ipv4(call, own_address);
	return MR_ALLOW_LOW_PORT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
