// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_FLOW_DISSECTOR_H
#define MILLRACE_FLOW_DISSECTOR_H

/*
 * SEC("flow_dissector"): says for the packets of a network namespace what flow they belong to,
 * struct bpf_flow_keys, which RPS, flow hashes and tc's flower go by. BPF_OK: by these keys;
 * BPF_DROP: it has no flow; BPF_FLOW_DISSECTOR_CONTINUE: as the kernel's own dissector says. Kernel
 * 4.20; BPF_FLOW_DISSECTOR_CONTINUE 6.1.
 *
 * When the program starts, `nhoff` is where the network header begins, `n_proto` is what it is
 * (network byte order), and `thoff` is the same as `nhoff`. The program sets `addr_proto` (host
 * byte order: ETH_P_IP or ETH_P_IPV6), `ip_proto` and `thoff`, where the transport header begins.
 * All addresses and ports are in network byte order.
 */

#include <linux/if_ether.h>
#include <linux/in.h>
#include <millrace/sock_field.h>

/* The keys to fill in. */
static __always_inline struct bpf_flow_keys *mr_flow_keys(const struct __sk_buff *skb)
{
	return (struct bpf_flow_keys *)(long)skb->flow_keys;
}

/*
 * Copies `size` bytes, a constant, at `offset` from where the packet's data begins, which is what
 * `nhoff` and `thoff` count from; 0, or a negative errno when the packet is shorter.
 */
static __always_inline long mr_flow_read(const struct __sk_buff *skb, __u32 offset, void *to,
					 __u32 size)
{
	return bpf_skb_load_bytes(skb, offset, to, size);
}

static __always_inline void mr_flow_set_ipv4(struct bpf_flow_keys *keys, ipv4_t source,
					     ipv4_t destination)
{
	keys->addr_proto = ETH_P_IP;
	keys->ipv4_src = source;
	keys->ipv4_dst = destination;
}

static __always_inline void mr_flow_set_ipv6(struct bpf_flow_keys *keys, const ipv6_t *source,
					     const ipv6_t *destination)
{
	keys->addr_proto = ETH_P_IPV6;
	MR_WRITE_IPV6(keys->ipv6_src, source);
	MR_WRITE_IPV6(keys->ipv6_dst, destination);
}

static __always_inline void mr_flow_set_ports(struct bpf_flow_keys *keys, __be16 source,
					      __be16 destination)
{
	keys->sport = source;
	keys->dport = destination;
}

#endif
