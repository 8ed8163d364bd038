// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_SK_MSG_H
#define MILLRACE_SK_MSG_H

/*
 * sk_msg programs: they run for each send() of a socket in a SockMap or SockHash, before anything
 * becomes a packet, and let the message go (SK_PASS), refuse it (SK_DROP: send() fails with EACCES)
 *or hand it to another socket of the map. Kernel 4.17.
 *
 *	SEC("sk_msg")
 *	int shortcut(struct sk_msg_md *msg)
 *	{
 *		struct mr_socket_key key;
 *
 *		mr_socket_key(msg, &key);
 *		key = mr_other_end(&key);
 *		return mr_sk_msg_redirect_or_pass(msg, sockets, &key, BPF_F_INGRESS);
 *	}
 */

#include <millrace/sock_map.h>

/*
 * The `size` bytes at `offset` of the message, or NULL where they are not all directly accessible:
 * mr_sk_msg_pull() them. `size` is a constant. Of what comes by sendfile() or splice() nothing is
 * accessible before it is pulled; of a message in several buffers, only the first.
 */
static __always_inline void *mr_sk_msg_at(const struct sk_msg_md *msg, __u64 offset, __u64 size)
{
	if (offset > MR_MAX_OFFSET)
		return NULL;
	/* The mask repeats the comparison, which the verifier forgets if `offset` is spilled. */
	MR_OPAQUE(offset);
	offset &= MR_MAX_OFFSET;
	return mr_within(msg->data + offset, size, msg->data_end);
}

/* Bytes of the message; of those in flight together, in stream order. */
static __always_inline __u32 mr_sk_msg_length(const struct sk_msg_md *msg)
{
	return msg->size;
}

/*
 * Makes the first `length` bytes of the message directly accessible, and a copy that may be
 * written: 0, or a negative errno when the message is shorter. Pointers into it are gone after it.
 */
static __always_inline int mr_sk_msg_pull(struct sk_msg_md *msg, __u32 length)
{
	return bpf_msg_pull_data(msg, 0, length, 0);
}

/*
 * The verdict is on the first `bytes` bytes only; the program runs again for the rest. More than
 * the message has: for what the next calls of send() bring, too.
 */
static __always_inline int mr_sk_msg_apply(struct sk_msg_md *msg, __u32 bytes)
{
	return bpf_msg_apply_bytes(msg, bytes);
}

/*
 * Verdict: hand the message to the socket at `key` of SockHash `name`: with BPF_F_INGRESS into its
 * receive queue, as if its peer had sent it, without any packet; with 0 out through it. SK_DROP
 * when there is none, or it cannot take it.
 */
#define mr_sk_msg_redirect(msg, name, wanted, flags)                \
	({                                                          \
		MR_CHECK_KEY(name, wanted);                         \
		bpf_msg_redirect_hash(msg, &(name), wanted, flags); \
	})

/* The same, but a message for which there is no socket goes its own way. */
#define mr_sk_msg_redirect_or_pass(msg, name, wanted, flags)              \
	({                                                                \
		MR_CHECK_KEY(name, wanted);                               \
		(void)bpf_msg_redirect_hash(msg, &(name), wanted, flags); \
		SK_PASS;                                                  \
	})

/* Verdict: as mr_sk_msg_redirect(), to the socket at an index of SockMap `name`. */
#define mr_sk_msg_redirect_index(msg, name, index, flags) \
	((int)bpf_msg_redirect_map(msg, &(name), index, flags))

#endif
