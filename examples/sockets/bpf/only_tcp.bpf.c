// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A control group has TCP and nothing else, and its sockets are marked for routing and filters. */
#include <linux/in.h>
#include <millrace/sock.h>

const volatile __u32 mark;
__u64 refused = 0;

SEC("cgroup/sock_create")
int sock_create(struct bpf_sock *sock)
{
	if (sock->protocol != IPPROTO_TCP) {
		__sync_fetch_and_add(&refused, 1);
		return MR_DENY;
	}
	sock->mark = mark;
	return MR_ALLOW;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
