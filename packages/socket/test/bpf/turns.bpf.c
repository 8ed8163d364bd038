// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs that write down in which order they ran, one decimal digit each. */
#include <millrace/cgroup_skb.h>
#include <millrace/sock.h>
#include <millrace/sock_addr.h>
#include <millrace/sock_ops.h>

__u64 turns = 0;

#define TAKES_TURN(name, digit)               \
	SEC("cgroup/connect4")                \
	int name(struct bpf_sock_addr *call)  \
	{                                     \
		turns = turns * 10 + (digit); \
		return MR_ALLOW;              \
	}

TAKES_TURN(one, 1)
TAKES_TURN(two, 2)
TAKES_TURN(three, 3)
TAKES_TURN(four, 4)

SEC("cgroup/connect4")
int deny(struct bpf_sock_addr *call)
{
	turns = turns * 10 + 9;
	return MR_DENY;
}

SEC("cgroup/bind4")
int bound(struct bpf_sock_addr *call)
{
	return MR_ALLOW;
}

SEC("cgroup_skb/ingress")
int received(struct __sk_buff *skb)
{
	return MR_ALLOW;
}

SEC("cgroup/skb")
int either_way(struct __sk_buff *skb)
{
	return MR_ALLOW;
}

SEC("cgroup/sock")
int created(struct bpf_sock *sock)
{
	return MR_ALLOW;
}

SEC("sockops")
int told(struct bpf_sock_ops *ops)
{
	return MR_SOCK_OPS_DONE;
}

SEC("tc")
int not_cgroup(struct __sk_buff *skb)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
