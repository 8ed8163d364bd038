// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every function of sock_ops.h: what is told of a TCP connection as it comes and goes. */
#include <linux/in.h>
#include <linux/tcp.h>
#include <millrace/sock_ops.h>

struct connection {
	__u32 family;
	ipv4_t local_ipv4;
	ipv4_t remote_ipv4;
	ipv6_t local_ipv6;
	ipv6_t remote_ipv6;
	__be16 local_port;
	__be16 remote_port;
	/* of the last change of state, BPF_TCP_* */
	__u32 state;
	/* result of mr_sock_ops_call_on() */
	__s32 unknown_flags;
	/* result of bpf_setsockopt() */
	__s32 error;
};

/* By the end that is told: 0 has called connect(), 1 accepts. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct connection);
} ends SEC(".maps");

/* Changes of state, of all connections. */
__u64 changes = 0;

static __always_inline void established(struct bpf_sock_ops *ops, __u32 end)
{
	struct connection connection = {.family = ops->family};
	int segment = 600;

	connection.local_port = mr_sock_ops_local_port(ops);
	connection.remote_port = mr_sock_ops_remote_port(ops);
	if (ops->family == 2) {
		connection.local_ipv4 = mr_sock_ops_local_ipv4(ops);
		connection.remote_ipv4 = mr_sock_ops_remote_ipv4(ops);
	} else {
		connection.local_ipv6 = mr_sock_ops_local_ipv6(ops).ipv6;
		connection.remote_ipv6 = mr_sock_ops_remote_ipv6(ops).ipv6;
	}
	connection.unknown_flags = mr_sock_ops_call_on(ops, BPF_SOCK_OPS_STATE_CB_FLAG);
	connection.error =
		bpf_setsockopt(ops, IPPROTO_TCP, TCP_WINDOW_CLAMP, &segment, sizeof(segment));
	bpf_map_update_elem(&ends, &end, &connection, BPF_ANY);
}

SEC("sockops")
int connections(struct bpf_sock_ops *ops)
{
	switch (ops->op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		established(ops, 0);
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		established(ops, 1);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		__sync_fetch_and_add(&changes, 1);
		break;
	default:
		break;
	}
	return MR_SOCK_OPS_DONE;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
