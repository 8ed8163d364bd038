// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_SOCK_OPS_H
#define MILLRACE_SOCK_OPS_H

/*
 * SEC("sockops"): called as TCP connections of a control group come and go, struct bpf_sock_ops.
 * `ops->op` says why (BPF_SOCK_OPS_*), and some reasons want a `reply`. Returns MR_SOCK_OPS_DONE.
 * Kernel 4.13.
 *
 * BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB is the end that called connect(),
 * BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB the one that accepts.
 *
 * The kernel keeps one port in host byte order, and the other in network byte order of four bytes;
 * here both are in network byte order. The addresses are those of `family`, AF_INET or AF_INET6.
 */

#include <millrace/sock_field.h>

/* What the program returns. */
#define MR_SOCK_OPS_DONE 1

static __always_inline ipv4_t mr_sock_ops_local_ipv4(const struct bpf_sock_ops *ops)
{
	return MR_FIELD(ops->local_ip4);
}

static __always_inline union mr_address mr_sock_ops_local_ipv6(const struct bpf_sock_ops *ops)
{
	return MR_READ_IPV6(ops->local_ip6);
}

/* Network byte order. */
static __always_inline __be16 mr_sock_ops_local_port(const struct bpf_sock_ops *ops)
{
	return bpf_htons(MR_FIELD(ops->local_port));
}

static __always_inline ipv4_t mr_sock_ops_remote_ipv4(const struct bpf_sock_ops *ops)
{
	return MR_FIELD(ops->remote_ip4);
}

static __always_inline union mr_address mr_sock_ops_remote_ipv6(const struct bpf_sock_ops *ops)
{
	return MR_READ_IPV6(ops->remote_ip6);
}

/* Network byte order. */
static __always_inline __be16 mr_sock_ops_remote_port(const struct bpf_sock_ops *ops)
{
	return bpf_htons(bpf_ntohl(MR_FIELD(ops->remote_port)));
}

/*
 * Asks for more calls about this connection, beside those asked for already: flags
 * BPF_SOCK_OPS_STATE_CB_FLAG (every change of state), BPF_SOCK_OPS_RTT_CB_FLAG and the like.
 * 0, or the flags that this kernel does not know. Kernel 4.16.
 */
static __always_inline int mr_sock_ops_call_on(struct bpf_sock_ops *ops, __u32 flags)
{
	return bpf_sock_ops_cb_flags_set(ops, MR_FIELD(ops->bpf_sock_ops_cb_flags) | flags);
}

#endif
