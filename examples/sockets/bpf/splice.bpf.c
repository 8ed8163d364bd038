// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Joins TCP connections: what one socket receives leaves by another, and no process reads it. */
#include <millrace/sk_skb.h>

/* Where to, by the two ends of a socket. No program is attached to this map. */
MR_SOCKHASH(next, struct mr_socket_key, 1024);
/* Those that are spliced: the program is attached to this one, and runs for who is put here. */
MR_SOCKHASH(spliced, struct mr_socket_key, 1024);

/* Bytes that a socket has handed on. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct mr_socket_key);
	__type(value, __u64);
} moved SEC(".maps");

SEC("sk_skb/stream_verdict")
int splice(struct __sk_buff *skb)
{
	struct mr_socket_key key;
	__u64 *bytes;

	mr_socket_key(skb, &key);
	bytes = bpf_map_lookup_elem(&moved, &key);
	if (bytes)
		*bytes += skb->len;
	return mr_sk_skb_redirect(skb, next, &key, 0);
}

struct mr_socket_key asked;
__u32 position;

/* For a test run: how far the socket is that `asked` hands on to. 0: there is none. */
SEC("tc")
int ask(struct __sk_buff *skb)
{
	return mr_tcp_position(&next, &asked, &position);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
