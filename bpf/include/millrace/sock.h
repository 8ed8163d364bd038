// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_SOCK_H
#define MILLRACE_SOCK_H

/*
 * A socket, struct bpf_sock: the context of
 *
 *	SEC("cgroup/sock_create")	socket(): verdict MR_ALLOW or MR_DENY
 *	SEC("cgroup/sock_release")	the last close(); verdict MR_ALLOW. Kernel 5.9
 *	SEC("cgroup/post_bind4")	bind(), after the kernel has found the port; post_bind6 too.
 *					Kernel 4.17
 *
 * and what other programs reach by `ctx->sk` and bpf_sk_lookup_tcp(). `family` (AF_*), `type`
 * (SOCK_*), `protocol` (IPPROTO_*), `bound_dev_if`, `mark` and `priority` are plain numbers, the
 * last three of which sock_create may write.
 *
 * The kernel keeps one port in host and one in network byte order; here all are in network byte
 * order. As contexts, sock_create and sock_release have no addresses, and post_bind4 and post_bind6
 * have the local one of their family.
 */

#include <millrace/cgroup.h>
#include <millrace/sock_field.h>

static __always_inline ipv4_t mr_sock_local_ipv4(const struct bpf_sock *sock)
{
	return MR_FIELD(sock->src_ip4);
}

static __always_inline union mr_address mr_sock_local_ipv6(const struct bpf_sock *sock)
{
	return MR_READ_IPV6(sock->src_ip6);
}

/* Network byte order; 0: not bound. */
static __always_inline __be16 mr_sock_local_port(const struct bpf_sock *sock)
{
	return bpf_htons(MR_FIELD(sock->src_port));
}

static __always_inline ipv4_t mr_sock_remote_ipv4(const struct bpf_sock *sock)
{
	return MR_FIELD(sock->dst_ip4);
}

static __always_inline union mr_address mr_sock_remote_ipv6(const struct bpf_sock *sock)
{
	return MR_READ_IPV6(sock->dst_ip6);
}

/* Network byte order; 0: not connected. */
static __always_inline __be16 mr_sock_remote_port(const struct bpf_sock *sock)
{
	return MR_FIELD(sock->dst_port);
}

#endif
