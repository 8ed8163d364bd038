// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every function of sock_map.h, sk_msg.h and sk_skb.h. */
#include <linux/errno.h>
#include <millrace/sk_msg.h>
#include <millrace/sk_skb.h>

MR_SOCKMAP(peers, 4);
MR_SOCKHASH(sockets, struct mr_socket_key, 64);

/* What the last program saw. */
struct seen {
	struct mr_socket_key key;
	__u32 length;
	/* -1: not accessible */
	__s32 first;
	__s32 sixth;
	/* of a pull */
	__s32 error;
	__u64 times;
};
struct seen last;

/* Where to. */
__u32 to_index;
__u64 to_flags;
/* How many bytes to make accessible, 0: those that are. */
__u32 pulled;
/* How many bytes a verdict is for, 0: all. */
__u32 applied;
/* Of the last attempt to put a socket into both maps. */
__s64 added[2];

static __always_inline __s32 byte(const __u8 *at)
{
	return at ? *at : -1;
}

SEC("sk_msg")
int look_at_message(struct sk_msg_md *msg)
{
	mr_socket_key(msg, &last.key);
	last.error = pulled ? mr_sk_msg_pull(msg, pulled) : 0;
	last.length = mr_sk_msg_length(msg);
	last.first = byte(mr_sk_msg_at(msg, 0, 1));
	last.sixth = byte(mr_sk_msg_at(msg, 5, 1));
	last.times++;
	if (applied)
		mr_sk_msg_apply(msg, applied);
	return last.first == 'x' ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int send_to_index(struct sk_msg_md *msg)
{
	return mr_sk_msg_redirect_index(msg, peers, to_index, to_flags);
}

SEC("sk_msg")
int send_to_other_end(struct sk_msg_md *msg)
{
	struct mr_socket_key key;

	mr_socket_key(msg, &key);
	key = mr_other_end(&key);
	return mr_sk_msg_redirect(msg, sockets, &key, to_flags);
}

SEC("sk_msg")
int send_to_other_end_or_pass(struct sk_msg_md *msg)
{
	struct mr_socket_key key;

	mr_socket_key(msg, &key);
	key = mr_other_end(&key);
	return mr_sk_msg_redirect_or_pass(msg, sockets, &key, to_flags);
}

/* Messages of a length, four bytes in network byte order, and so many bytes more. */
SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
	__be32 length;

	if (bpf_skb_load_bytes(skb, 0, &length, sizeof(length)))
		return 0;
	return sizeof(length) + bpf_ntohl(length);
}

SEC("sk_skb/stream_verdict")
int look_at_stream(struct __sk_buff *skb)
{
	mr_socket_key(skb, &last.key);
	last.error = pulled ? mr_sk_skb_pull(skb, pulled) : 0;
	last.length = mr_sk_skb_length(skb);
	last.first = byte(mr_sk_skb_at(skb, 0, 1));
	last.sixth = byte(mr_sk_skb_at(skb, 5, 1));
	last.times++;
	return last.sixth == 'x' ? SK_DROP : SK_PASS;
}

SEC("sk_skb/stream_verdict")
int receive_to_index(struct __sk_buff *skb)
{
	return mr_sk_skb_redirect_index(skb, peers, to_index, to_flags);
}

/* Between the sockets at 0, whose local port this is, and at 1. Host byte order. */
__u32 first_port;

SEC("sk_skb/stream_verdict")
int swap(struct __sk_buff *skb)
{
	__u32 to = MR_FIELD(skb->local_port) == first_port ? 1 : 0;

	return mr_sk_skb_redirect_index(skb, peers, to, 0);
}

SEC("sk_skb/stream_verdict")
int receive_to_other(struct __sk_buff *skb)
{
	struct mr_socket_key key;

	mr_socket_key(skb, &key);
	return mr_sk_skb_redirect(skb, sockets, &key, to_flags);
}

SEC("sk_skb/stream_verdict")
int receive_to_other_or_pass(struct __sk_buff *skb)
{
	struct mr_socket_key key;

	mr_socket_key(skb, &key);
	return mr_sk_skb_redirect_or_pass(skb, sockets, &key, to_flags);
}

SEC("sk_skb/verdict")
int datagram_to_index(struct __sk_buff *skb)
{
	return mr_sk_skb_redirect_index(skb, peers, to_index, to_flags);
}

/* A section that does not tell the hook. */
SEC("sk_skb")
int pass(struct __sk_buff *skb)
{
	return SK_PASS;
}

SEC("sockops")
int track(struct bpf_sock_ops *ops)
{
	struct mr_socket_key key;

	if (ops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB &&
	    ops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	mr_socket_key(ops, &key);
	added[0] = mr_sock_ops_add(ops, sockets, &key);
	added[1] = mr_sock_ops_add_index(ops, peers, to_index);
	return 1;
}

__u32 position;

/* For a test run: how far the socket of `last` is, which both maps may have. */
SEC("tc")
int ask(struct __sk_buff *skb)
{
	return mr_tcp_position(&sockets, &last.key, &position) |
	       mr_tcp_position(&peers, &to_index, &position) << 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
