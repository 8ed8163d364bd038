// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Joins pairs of TCP connections: what one socket receives leaves by the other, and no process
 * reads it. */
#include <millrace/sk_skb.h>

/* The other socket of the pair, by the two ends of the one. No program is attached to this map. */
MR_SOCKHASH(next, struct mr_socket_key, 1024);

/* Those that are spliced: the program is attached to this one, and a socket runs it from when it is
 * put here. */
MR_SOCKHASH(spliced, struct mr_socket_key, 1024);

SEC("sk_skb/stream_verdict")
int splice(struct __sk_buff *skb)
{
	struct mr_socket_key key;

	mr_socket_key(skb, &key);
	return mr_sk_skb_redirect(skb, next, &key, 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
