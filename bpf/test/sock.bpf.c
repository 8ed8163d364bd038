// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every function of sock.h: of sockets as contexts, and of those that a packet leads to. */
#include <millrace/sock.h>

struct socket {
	__u32 family;
	__u32 type;
	__u32 protocol;
	ipv4_t local_ipv4;
	ipv4_t remote_ipv4;
	ipv6_t local_ipv6;
	ipv6_t remote_ipv6;
	__be16 local_port;
	__be16 remote_port;
	__u64 times;
};

enum moment {
	MOMENT_CREATE,
	MOMENT_RELEASE,
	MOMENT_POST_BIND,
	MOMENT_SENT,
	MOMENTS,
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MOMENTS);
	__type(key, __u32);
	__type(value, struct socket);
} seen SEC(".maps");

/* Type of sockets that are not to be created; 0: none. */
const volatile __u32 denied_type;

/* Of the socket seen at this moment. */
static __always_inline struct socket *seen_at(enum moment moment, struct bpf_sock *sock)
{
	__u32 index = moment;
	struct socket *socket = bpf_map_lookup_elem(&seen, &index);

	if (socket) {
		socket->family = sock->family;
		socket->type = sock->type;
		socket->protocol = sock->protocol;
		__sync_fetch_and_add(&socket->times, 1);
	}
	return socket;
}

SEC("cgroup/sock_create")
int sock_create(struct bpf_sock *sock)
{
	seen_at(MOMENT_CREATE, sock);
	return denied_type && sock->type == denied_type ? MR_DENY : MR_ALLOW;
}

SEC("cgroup/sock_release")
int sock_release(struct bpf_sock *sock)
{
	seen_at(MOMENT_RELEASE, sock);
	return MR_ALLOW;
}

SEC("cgroup/post_bind4")
int post_bind4(struct bpf_sock *sock)
{
	struct socket *socket = seen_at(MOMENT_POST_BIND, sock);

	if (socket) {
		socket->local_ipv4 = mr_sock_local_ipv4(sock);
		socket->local_port = mr_sock_local_port(sock);
	}
	return MR_ALLOW;
}

SEC("cgroup/post_bind6")
int post_bind6(struct bpf_sock *sock)
{
	struct socket *socket = seen_at(MOMENT_POST_BIND, sock);

	if (socket) {
		socket->local_ipv6 = mr_sock_local_ipv6(sock).ipv6;
		socket->local_port = mr_sock_local_port(sock);
	}
	return MR_ALLOW;
}

SEC("cgroup_skb/egress")
int sent(struct __sk_buff *skb)
{
	struct bpf_sock *sock = skb->sk;
	struct socket *socket;

	if (!sock)
		return MR_ALLOW;
	sock = bpf_sk_fullsock(sock);
	if (!sock)
		return MR_ALLOW;
	socket = seen_at(MOMENT_SENT, sock);
	if (!socket)
		return MR_ALLOW;
	socket->local_port = mr_sock_local_port(sock);
	socket->remote_port = mr_sock_remote_port(sock);
	if (skb->family == 2) {
		socket->local_ipv4 = mr_sock_local_ipv4(sock);
		socket->remote_ipv4 = mr_sock_remote_ipv4(sock);
	} else {
		socket->local_ipv6 = mr_sock_local_ipv6(sock).ipv6;
		socket->remote_ipv6 = mr_sock_remote_ipv6(sock).ipv6;
	}
	return MR_ALLOW;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
