// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_SK_SKB_H
#define MILLRACE_SK_SKB_H

/*
 * sk_skb programs: they run for what a socket in a SockMap or SockHash has received, before the
 *process sees it, and let it have it (SK_PASS), take it away (SK_DROP; of a stream, that leaves a
 *gap), or hand it to another socket of the map. Kernel 4.14.
 *
 *	SEC("sk_skb/stream_verdict")
 *	int splice(struct __sk_buff *skb)
 *	{
 *		struct mr_socket_key key;
 *
 *		mr_socket_key(skb, &key);
 *		return mr_sk_skb_redirect(skb, next, &key, 0);
 *	}
 *
 * Sections: sk_skb/stream_verdict for TCP; sk_skb/stream_parser beside it where verdicts are on
 *whole messages: the parser returns the length of the message that begins at the first byte, 0 for
 *more bytes, a negative errno when there is none to be had; sk_skb/verdict also for UDP and Unix
 *sockets (kernel 5.13).
 */

#include <millrace/sock_map.h>

/*
 * The `size` bytes at `offset` of what was received, without the headers of TCP/IP, or NULL where
 * they are not all directly accessible: mr_sk_skb_pull() them. `size` is a constant.
 */
static __always_inline void *mr_sk_skb_at(const struct __sk_buff *skb, __u64 offset, __u64 size)
{
	void *data = (void *)(long)skb->data;
	void *end = (void *)(long)skb->data_end;

	/* The fields have 32 bits, the verifier's pointers 64: clang must not copy them as the
	 * former. */
	MR_OPAQUE(data);
	MR_OPAQUE(end);
	if (offset > MR_MAX_OFFSET)
		return NULL;
	/* The mask repeats the comparison, which the verifier forgets if `offset` is spilled. */
	MR_OPAQUE(offset);
	offset &= MR_MAX_OFFSET;
	return mr_within(data + offset, size, end);
}

/* Bytes that were received, all together. */
static __always_inline __u32 mr_sk_skb_length(const struct __sk_buff *skb)
{
	return skb->len;
}

/*
 * Makes the first `length` bytes directly accessible: 0, or a negative errno when there are fewer.
 * Pointers into the buffer are gone after it. Not in a parser.
 */
static __always_inline int mr_sk_skb_pull(struct __sk_buff *skb, __u32 length)
{
	return bpf_skb_pull_data(skb, length);
}

/*
 * Verdict: hand it to the socket at `key` of SockHash `name`: with 0 out through it, with
 * BPF_F_INGRESS into its receive queue. SK_DROP when there is none: of a stream, that leaves a gap.
 *
 * A packet without data, as the last one of a connection (FIN), is passed on to the process: the
 * kernel takes one that is redirected for a broken pipe, and the other socket ends with EPIPE. So
 * the process learns that the connection has ended, and it may learn it before the other socket has
 * sent what was redirected to it: mr_tcp_position() tells when it has.
 */
#define mr_sk_skb_redirect(skb, name, wanted, flags)                                      \
	({                                                                                \
		MR_CHECK_KEY(name, wanted);                                               \
		(skb)->len ? bpf_sk_redirect_hash(skb, &(name), wanted, flags) : SK_PASS; \
	})

/* The same, but that for which there is no socket goes to the process as ever. */
#define mr_sk_skb_redirect_or_pass(skb, name, wanted, flags)                     \
	({                                                                       \
		MR_CHECK_KEY(name, wanted);                                      \
		if ((skb)->len)                                                  \
			(void)bpf_sk_redirect_hash(skb, &(name), wanted, flags); \
		SK_PASS;                                                         \
	})

/* Verdict: as mr_sk_skb_redirect(), to the socket at an index of SockMap `name`. */
#define mr_sk_skb_redirect_index(skb, name, index, flags) \
	((skb)->len ? (int)bpf_sk_redirect_map(skb, &(name), index, flags) : SK_PASS)

#endif
