// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs that tell in which order packets met them, for datagrams to port 9000; all else goes on.
 */
#include <millrace/tc.h>
#include <millrace/counters.h>
#include <bpf/bpf_endian.h>
#include <linux/if_ether.h>
#include <linux/in.h>

#define PORT 9000
/* IPv4 without options, behind Ethernet. */
#define PROTOCOL_OFFSET 23
#define PORT_OFFSET	36

enum witness {
	WITNESS_A,
	WITNESS_B,
	WITNESS_C,
	WITNESS_D,
	WITNESS_FIRST,
	WITNESS_SECOND,
	WITNESS_STOP,
	WITNESS_NUMBER,
};

/* Packets that each has seen. */
MR_COUNTERS(seen, WITNESS_NUMBER);

/* The trail of the last packet: a hexadecimal digit for each program that it met, the first one in
 * front. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} trail SEC(".maps");

static __always_inline bool is_ours(struct __sk_buff *skb)
{
	__u8 protocol = 0;
	__be16 port = 0;

	if (skb->protocol != bpf_htons(ETH_P_IP) ||
	    bpf_skb_load_bytes(skb, PROTOCOL_OFFSET, &protocol, sizeof(protocol)) ||
	    bpf_skb_load_bytes(skb, PORT_OFFSET, &port, sizeof(port)))
		return false;
	return protocol == IPPROTO_UDP && port == bpf_htons(PORT);
}

/* The mark travels with the packet from one program to the next. */
static __always_inline void witness(struct __sk_buff *skb, __u32 who)
{
	__u32 zero = 0;
	__u32 met = skb->mark << 4 | (0xa + who);

	skb->mark = met;
	mr_count(&seen, who, mr_length(skb));
	bpf_map_update_elem(&trail, &zero, &met, BPF_ANY);
}

#define WITNESS(name, who)                 \
	SEC("tc")                          \
	int name(struct __sk_buff *skb)    \
	{                                  \
		if (is_ours(skb))          \
			witness(skb, who); \
		return TC_ACT_UNSPEC;      \
	}

WITNESS(a, WITNESS_A)
WITNESS(b, WITNESS_B)
WITNESS(c, WITNESS_C)
WITNESS(d, WITNESS_D)

/* Ends the walk over the programs, and lets the packet go on to the stack. */
SEC("tc")
int stop(struct __sk_buff *skb)
{
	if (!is_ours(skb))
		return TC_ACT_UNSPEC;
	mr_count(&seen, WITNESS_STOP, mr_length(skb));
	return TC_ACT_OK;
}

/* Only datagrams are dropped: the network stays one where neighbours find each other. */
#define DROP(name, who)                               \
	SEC("tc")                                     \
	int name(struct __sk_buff *skb)               \
	{                                             \
		if (!is_ours(skb))                    \
			return TC_ACT_UNSPEC;         \
		mr_count(&seen, who, mr_length(skb)); \
		return TC_ACT_SHOT;                   \
	}

DROP(drop_first, WITNESS_FIRST)
DROP(drop_second, WITNESS_SECOND)

/* What the program below returns. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __s32);
} verdict SEC(".maps");

SEC("tc")
int decide(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__s32 *chosen = bpf_map_lookup_elem(&verdict, &zero);

	return chosen && is_ours(skb) ? *chosen : TC_ACT_UNSPEC;
}

SEC("xdp")
int not_tc(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
