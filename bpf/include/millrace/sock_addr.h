// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_SOCK_ADDR_H
#define MILLRACE_SOCK_ADDR_H

/*
 * Programs that see and change the address of a socket call, struct bpf_sock_addr:
 *
 *	SEC("cgroup/connect4")		connect(): where to; verdict MR_ALLOW or MR_DENY
 *	SEC("cgroup/bind4")		bind(): what to bind to; also MR_ALLOW_LOW_PORT
 *	SEC("cgroup/sendmsg4")		sendto() of UDP, not connected: where to, and from where
 *	SEC("cgroup/recvmsg4")		recvfrom() of UDP: who the caller is told has sent it
 *	SEC("cgroup/getpeername4")	getpeername(): who the caller is told is there
 *	SEC("cgroup/getsockname4")	getsockname(): what the caller is told it is bound to
 *
 * each with a 6 for IPv6. The last three return MR_ALLOW, the verifier takes nothing else. A hook
 * that ends in 4 has only the ipv4 functions, one that ends in 6 only those of ipv6; sockets of
 * IPv6 that name an IPv4 address (::ffff:192.0.2.1) come by the latter. Kernel 4.17; sendmsg 4.18,
 * recvmsg 5.2, getpeername and getsockname 5.8.
 *
 * Addresses and ports are in network byte order throughout, as in struct sockaddr_in.
 */

#include <millrace/cgroup.h>
#include <millrace/sock_field.h>

/* Verdict of bind: allow, ports below 1024 too, though the process may not. Kernel 5.12. */
#define MR_ALLOW_LOW_PORT 3

/* The address of the call. */
static __always_inline ipv4_t mr_sock_addr_ipv4(const struct bpf_sock_addr *call)
{
	return MR_FIELD(call->user_ip4);
}

static __always_inline void mr_sock_addr_set_ipv4(struct bpf_sock_addr *call, ipv4_t address)
{
	MR_FIELD(call->user_ip4) = address;
}

static __always_inline union mr_address mr_sock_addr_ipv6(const struct bpf_sock_addr *call)
{
	return MR_READ_IPV6(call->user_ip6);
}

static __always_inline void mr_sock_addr_set_ipv6(struct bpf_sock_addr *call, const ipv6_t *address)
{
	MR_WRITE_IPV6(call->user_ip6, address);
}

/* The port of the call, network byte order. */
static __always_inline __be16 mr_sock_addr_port(const struct bpf_sock_addr *call)
{
	return MR_FIELD(call->user_port);
}

static __always_inline void mr_sock_addr_set_port(struct bpf_sock_addr *call, __be16 port)
{
	MR_FIELD(call->user_port) = port;
}

/*
 * sendmsg alone: the address that the datagram is sent from. Unspecified, the kernel chooses by the
 * route.
 */
static __always_inline ipv4_t mr_sock_addr_source_ipv4(const struct bpf_sock_addr *call)
{
	return MR_FIELD(call->msg_src_ip4);
}

static __always_inline void mr_sock_addr_set_source_ipv4(struct bpf_sock_addr *call, ipv4_t address)
{
	MR_FIELD(call->msg_src_ip4) = address;
}

static __always_inline union mr_address mr_sock_addr_source_ipv6(const struct bpf_sock_addr *call)
{
	return MR_READ_IPV6(call->msg_src_ip6);
}

static __always_inline void mr_sock_addr_set_source_ipv6(struct bpf_sock_addr *call,
							 const ipv6_t *address)
{
	MR_WRITE_IPV6(call->msg_src_ip6, address);
}

#endif
