// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Tells of each TCP connection of a control group, and gives it up when the peer is silent. */
#include <linux/in.h>
#include <linux/tcp.h>
#include <millrace/events.h>
#include <millrace/sock_ops.h>

/* milliseconds */
const volatile __u32 patience = 30000;

struct connection {
	ipv4_t local, remote;
	__be16 local_port, remote_port;
	/* whether this end has called connect() */
	bool outgoing;
};
MR_EVENTS(established, struct connection, 1 << 16);

SEC("sockops")
int connections(struct bpf_sock_ops *ops)
{
	bool outgoing = ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB;
	int timeout = patience;
	struct connection *event;

	if (ops->family != 2 || (!outgoing && ops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB))
		return MR_SOCK_OPS_DONE;
	bpf_setsockopt(ops, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof(timeout));
	event = mr_event_reserve(established);
	if (!event)
		return MR_SOCK_OPS_DONE;
	*event = (struct connection){mr_sock_ops_local_ipv4(ops), mr_sock_ops_remote_ipv4(ops),
				     mr_sock_ops_local_port(ops), mr_sock_ops_remote_port(ops),
				     outgoing};
	mr_event_submit(event);
	return MR_SOCK_OPS_DONE;
}
char LICENSE[] SEC("license") = "Dual BSD/GPL";
