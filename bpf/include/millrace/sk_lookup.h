// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_SK_LOOKUP_H
#define MILLRACE_SK_LOOKUP_H

/*
 * SEC("sk_lookup"): chooses the socket for a new TCP connection or an unconnected UDP datagram that
 * comes into a network namespace, struct bpf_sk_lookup. SK_PASS: the socket that was chosen, or
 * when none was, the one that the kernel finds; SK_DROP: none, the sender is told that the port is
 * closed. Kernel 5.9.
 *
 * The kernel keeps one port in host and one in network byte order; here both are in network byte
 * order. Local is the address that the packet was sent to. The addresses are those of `family`,
 * AF_INET or AF_INET6.
 */

#include <linux/errno.h>
#include <millrace/sock_field.h>

static __always_inline ipv4_t mr_sk_lookup_local_ipv4(const struct bpf_sk_lookup *lookup)
{
	return MR_FIELD(lookup->local_ip4);
}

static __always_inline union mr_address mr_sk_lookup_local_ipv6(const struct bpf_sk_lookup *lookup)
{
	return MR_READ_IPV6(lookup->local_ip6);
}

/* Network byte order. */
static __always_inline __be16 mr_sk_lookup_local_port(const struct bpf_sk_lookup *lookup)
{
	return bpf_htons(MR_FIELD(lookup->local_port));
}

static __always_inline ipv4_t mr_sk_lookup_remote_ipv4(const struct bpf_sk_lookup *lookup)
{
	return MR_FIELD(lookup->remote_ip4);
}

static __always_inline union mr_address mr_sk_lookup_remote_ipv6(const struct bpf_sk_lookup *lookup)
{
	return MR_READ_IPV6(lookup->remote_ip6);
}

/* Network byte order. */
static __always_inline __be16 mr_sk_lookup_remote_port(const struct bpf_sk_lookup *lookup)
{
	return MR_FIELD(lookup->remote_port);
}

/*
 * Chooses the socket at `key` of `sockets`, a SockMap or SockHash: 0, or a negative errno: ENOENT
 * when there is none, EPROTOTYPE and EAFNOSUPPORT when it is of another protocol or family than the
 * packet, EEXIST when another program of the namespace has chosen already.
 */
static __always_inline long mr_sk_lookup_choose(struct bpf_sk_lookup *lookup, void *sockets,
						const void *key)
{
	struct bpf_sock *sock = bpf_map_lookup_elem(sockets, key);
	long error;

	if (!sock)
		return -ENOENT;
	error = bpf_sk_assign(lookup, sock, 0);
	bpf_sk_release(sock);
	return error;
}

#endif
