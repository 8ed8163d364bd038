// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every function of sock_addr.h: tells what a call names, and puts something else in its place. */
#include <millrace/sock_addr.h>

struct endpoint {
	ipv4_t ipv4;
	ipv6_t ipv6;
	/* 0: nothing was seen, or is to be changed */
	__be16 port;
};

enum call {
	CALL_CONNECT,
	CALL_BIND,
	CALL_SENDMSG,
	/* the source address of sendmsg; its port is any number but 0 */
	CALL_SOURCE,
	CALL_RECVMSG,
	CALL_GETPEERNAME,
	CALL_GETSOCKNAME,
	CALLS,
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CALLS);
	__type(key, __u32);
	__type(value, struct endpoint);
} seen SEC(".maps"), changes SEC(".maps");

static __always_inline void saw(enum call call, const struct endpoint *endpoint)
{
	__u32 index = call;

	bpf_map_update_elem(&seen, &index, endpoint, BPF_ANY);
}

/* What to put in the place of a call's address; NULL: nothing. */
static __always_inline struct endpoint *change_of(enum call call)
{
	__u32 index = call;
	struct endpoint *change = bpf_map_lookup_elem(&changes, &index);

	return change && change->port ? change : NULL;
}

static __always_inline int on_ipv4(struct bpf_sock_addr *ctx, enum call call)
{
	struct endpoint endpoint = {.ipv4 = mr_sock_addr_ipv4(ctx), .port = mr_sock_addr_port(ctx)};
	struct endpoint *change = change_of(call);

	saw(call, &endpoint);
	if (change) {
		mr_sock_addr_set_ipv4(ctx, change->ipv4);
		mr_sock_addr_set_port(ctx, change->port);
	}
	return MR_ALLOW;
}

static __always_inline int on_ipv6(struct bpf_sock_addr *ctx, enum call call)
{
	struct endpoint endpoint = {.ipv6 = mr_sock_addr_ipv6(ctx).ipv6,
				    .port = mr_sock_addr_port(ctx)};
	struct endpoint *change = change_of(call);

	saw(call, &endpoint);
	if (change) {
		mr_sock_addr_set_ipv6(ctx, &change->ipv6);
		mr_sock_addr_set_port(ctx, change->port);
	}
	return MR_ALLOW;
}

SEC("cgroup/connect4")
int connect4(struct bpf_sock_addr *ctx)
{
	return on_ipv4(ctx, CALL_CONNECT);
}

SEC("cgroup/connect6")
int connect6(struct bpf_sock_addr *ctx)
{
	return on_ipv6(ctx, CALL_CONNECT);
}

SEC("cgroup/bind4")
int bind4(struct bpf_sock_addr *ctx)
{
	return on_ipv4(ctx, CALL_BIND);
}

SEC("cgroup/bind6")
int bind6(struct bpf_sock_addr *ctx)
{
	return on_ipv6(ctx, CALL_BIND);
}

SEC("cgroup/sendmsg4")
int sendmsg4(struct bpf_sock_addr *ctx)
{
	struct endpoint source = {.ipv4 = mr_sock_addr_source_ipv4(ctx), .port = bpf_htons(1)};
	struct endpoint *change = change_of(CALL_SOURCE);

	saw(CALL_SOURCE, &source);
	if (change)
		mr_sock_addr_set_source_ipv4(ctx, change->ipv4);
	return on_ipv4(ctx, CALL_SENDMSG);
}

SEC("cgroup/sendmsg6")
int sendmsg6(struct bpf_sock_addr *ctx)
{
	struct endpoint source = {.ipv6 = mr_sock_addr_source_ipv6(ctx).ipv6, .port = bpf_htons(1)};
	struct endpoint *change = change_of(CALL_SOURCE);

	saw(CALL_SOURCE, &source);
	if (change)
		mr_sock_addr_set_source_ipv6(ctx, &change->ipv6);
	return on_ipv6(ctx, CALL_SENDMSG);
}

SEC("cgroup/recvmsg4")
int recvmsg4(struct bpf_sock_addr *ctx)
{
	return on_ipv4(ctx, CALL_RECVMSG);
}

SEC("cgroup/recvmsg6")
int recvmsg6(struct bpf_sock_addr *ctx)
{
	return on_ipv6(ctx, CALL_RECVMSG);
}

SEC("cgroup/getpeername4")
int getpeername4(struct bpf_sock_addr *ctx)
{
	return on_ipv4(ctx, CALL_GETPEERNAME);
}

SEC("cgroup/getpeername6")
int getpeername6(struct bpf_sock_addr *ctx)
{
	return on_ipv6(ctx, CALL_GETPEERNAME);
}

SEC("cgroup/getsockname4")
int getsockname4(struct bpf_sock_addr *ctx)
{
	return on_ipv4(ctx, CALL_GETSOCKNAME);
}

SEC("cgroup/getsockname6")
int getsockname6(struct bpf_sock_addr *ctx)
{
	return on_ipv6(ctx, CALL_GETSOCKNAME);
}

/* Ports below 1024 for everybody. */
SEC("cgroup/bind4")
int bind4_low(struct bpf_sock_addr *ctx)
{
	return MR_ALLOW_LOW_PORT;
}

SEC("cgroup/connect4")
int deny_connect4(struct bpf_sock_addr *ctx)
{
	return MR_DENY;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
