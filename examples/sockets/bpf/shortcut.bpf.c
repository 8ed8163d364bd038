// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Between the processes of a control group, what is sent goes into the receiver's queue, past TCP.
 */
#include <millrace/counters.h>
#include <millrace/sk_msg.h>
#include <millrace/sock_ops.h>

MR_SOCKHASH(sockets, struct mr_socket_key, 65536);
MR_COUNTERS(taken, 1);

SEC("sockops")
int track(struct bpf_sock_ops *ops)
{
	struct mr_socket_key key;

	if (ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ||
	    ops->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
		mr_socket_key(ops, &key);
		mr_sock_ops_add(ops, sockets, &key);
	}
	return MR_SOCK_OPS_DONE;
}

SEC("sk_msg")
int shortcut(struct sk_msg_md *msg)
{
	struct mr_socket_key key;

	mr_socket_key(msg, &key);
	key = mr_other_end(&key);
	if (mr_sk_msg_redirect(msg, sockets, &key, BPF_F_INGRESS) == SK_PASS)
		mr_count(&taken, 0, mr_sk_msg_length(msg));
	/* The other end is elsewhere: by TCP. */
	return SK_PASS;
}
char LICENSE[] SEC("license") = "Dual BSD/GPL";
