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
#include <millrace/cursor.h>
#include <millrace/sock_field.h>

/* The keys to fill in. */
static __always_inline struct bpf_flow_keys *mr_flow_keys(const struct __sk_buff *skb)
{
	return (struct bpf_flow_keys *)(long)skb->flow_keys;
}

/*
 * The `size` bytes, a constant of at most 2048, at `offset` from where the packet's data begins,
 * which is what `nhoff` and `thoff` count from; NULL when the packet is shorter. They are read in
 * place, or copied to `buffer` where they are not in the linear part; drivers that ask before there
 * is a packet of the stack have only that part.
 */
static __always_inline const void *mr_flow_header(const struct __sk_buff *skb, __u64 offset,
						  void *buffer, __u64 size)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	const void *header;

	/*
	 * The fields have 32 bits, the verifier's pointers 64: clang must not copy them as the
	 * former.
	 */
	MR_OPAQUE(data);
	MR_OPAQUE(end);
	if (offset > MR_MAX_OFFSET)
		return NULL;
	MR_OPAQUE(offset);
	offset &= MR_MAX_OFFSET;
	header = mr_within(data + offset, size, end);
	if (header)
		return header;
	return bpf_skb_load_bytes(skb, offset, buffer, size) ? NULL : buffer;
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
