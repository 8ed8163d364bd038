// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_SOCK_MAP_H
#define MILLRACE_SOCK_MAP_H

/*
 * Maps of sockets, and the key by which a program finds a socket's other end. <millrace/sk_msg.h>
 * and <millrace/sk_skb.h> redirect to the sockets in them.
 *
 *	MR_SOCKHASH(sockets, struct mr_socket_key, 65536);
 *
 *	SEC("sockops")
 *	int track(struct bpf_sock_ops *ops)
 *	{
 *		struct mr_socket_key key;
 *
 *		if (ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ||
 *		    ops->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
 *			mr_socket_key(ops, &key);
 *			mr_sock_ops_add(ops, sockets, &key);
 *		}
 *		return MR_SOCK_OPS_DONE;
 *	}
 */

#include <millrace/cursor.h>
#include <millrace/sock_field.h>

/* AF_INET6; linux/in6.h has it not, and sys/socket.h is not for programs. */
#define MR_AF_INET6 10

/*
 * Declares the SockMap `name` with indexes from 0 to `entries` - 1. The values have 8 bytes, so
 * that user space can read them (kernel 5.7).
 */
#define MR_SOCKMAP(name, entries)                   \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_SOCKMAP); \
		__uint(max_entries, entries);       \
		__type(key, __u32);                 \
		__type(value, __u64);               \
	} name SEC(".maps")

/* Declares the SockHash `name` with keys of type `key_type`. */
#define MR_SOCKHASH(name, key_type, entries)         \
	struct {                                     \
		__uint(type, BPF_MAP_TYPE_SOCKHASH); \
		__uint(max_entries, entries);        \
		__type(key, key_type);               \
		__type(value, __u64);                \
	} name SEC(".maps")

/* Fails to compile unless `*(key)` is what the map `name` has as keys. */
#define MR_CHECK_KEY(name, wanted)                                                            \
	_Static_assert(                                                                       \
		__builtin_types_compatible_p(__typeof__(*(name).key), __typeof__(*(wanted))), \
		"the key is of another type than those of the map")

/*
 * Both ends of a connection, as one of its sockets has them. IPv4 addresses are written as
 * ::ffff:192.0.2.1, so that a socket of either family finds its other end: a server that listens on
 * :: has IPv6 sockets for its IPv4 clients. The alignment is for the copies.
 */
struct mr_socket_key {
	ipv6_t local;
	ipv6_t remote;
	/* network byte order */
	__be16 local_port;
	__be16 remote_port;
} __attribute__((aligned(4)));

/* One end as mr_socket_key has it; an IPv4 address becomes an IPv6 one (RFC 4291 section 2.5.5.2).
 */
static __always_inline ipv6_t mr_socket_end(__u32 family, ipv4_t ipv4, union mr_address ipv6)
{
	union mr_address mapped = {.words = {0, 0, bpf_htonl(0xffff), ipv4}};

	return family == MR_AF_INET6 ? ipv6.ipv6 : mapped.ipv6;
}

/*
 * Fills in `*filled` from the context of a sock_ops, sk_msg or sk_skb program, for the socket that
 * it runs for. (In those the remote port has 32 bits in network byte order, and the local one is in
 * host byte order.) It reads the addresses of both families: of branches that read one or the
 * other, clang would make one read through a computed pointer, which the verifier refuses.
 */
#define mr_socket_key(ctx, filled)                                                          \
	({                                                                                  \
		__u32 family_read = MR_FIELD((ctx)->family);                                \
                                                                                            \
		(filled)->local = mr_socket_end(family_read, MR_FIELD((ctx)->local_ip4),    \
						MR_READ_IPV6((ctx)->local_ip6));            \
		(filled)->remote = mr_socket_end(family_read, MR_FIELD((ctx)->remote_ip4),  \
						 MR_READ_IPV6((ctx)->remote_ip6));          \
		(filled)->local_port = bpf_htons(MR_FIELD((ctx)->local_port));              \
		(filled)->remote_port = bpf_htons(bpf_ntohl(MR_FIELD((ctx)->remote_port))); \
	})

/* The key of the socket at the other end, where both are on this machine. */
static __always_inline struct mr_socket_key mr_other_end(const struct mr_socket_key *key)
{
	struct mr_socket_key other = {
		.local = key->remote,
		.remote = key->local,
		.local_port = key->remote_port,
		.remote_port = key->local_port,
	};

	return other;
}

/*
 * In a sock_ops program: puts the socket into the SockHash `name`, in place of one that is there.
 * 0, or a negative errno: -E2BIG when it is full, -EOPNOTSUPP when the socket is not established,
 * -EBUSY when it got a program of the same kind from another map.
 */
#define mr_sock_ops_add(ops, name, wanted)                           \
	({                                                           \
		MR_CHECK_KEY(name, wanted);                          \
		bpf_sock_hash_update(ops, &(name), wanted, BPF_ANY); \
	})

/* The same for a SockMap, by index: -E2BIG beyond its end. */
#define mr_sock_ops_add_index(ops, name, index)                       \
	({                                                            \
		__u32 __index = (index);                              \
		bpf_sock_map_update(ops, &(name), &__index, BPF_ANY); \
	})

/* The part of the kernel's struct that is read here, found by BTF when the program is loaded. */
struct tcp_sock___position {
	__u32 write_seq;
} __attribute__((preserve_access_index));

/*
 * How much a TCP socket in a SockHash or SockMap was given to send, by its process or by a
 * redirect:
 * `*position` counts bytes from anywhere, modulo 2^32, and the end as one more. What was redirected
 * to a socket waits for its turn before it counts here; once all does, the socket may be shut down
 * and loses nothing. False when `key` has no socket, or none of TCP.
 *
 * For tc programs, which user space can run by a test run. Kernel 5.9, with BTF; needs CAP_PERFMON.
 */
static __always_inline bool mr_tcp_position(void *sockets, const void *key, __u32 *position)
{
	struct bpf_sock *sock = bpf_map_lookup_elem(sockets, key);
	struct tcp_sock___position *tcp;

	if (!sock)
		return false;
	tcp = (void *)bpf_skc_to_tcp_sock(sock);
	if (tcp)
		*position = tcp->write_seq;
	bpf_sk_release(sock);
	return tcp;
}

#endif
