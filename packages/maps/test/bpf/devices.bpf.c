// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Programs that redirect packets to interfaces.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct bpf_devmap_val);
} ports SEC(".maps");

/* By the interface that a packet came by */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 4);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct bpf_devmap_val));
} wires SEC(".maps");

/* Without room for programs */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} plain_ports SEC(".maps");

__u32 stamped = 0;
__u32 stamped_ifindex = 0;

/* The letters of a datagram, of which the first may be read and written; or nothing */
static __always_inline char *text_of(struct xdp_md *xdp)
{
	void *end = (void *)(long)xdp->data_end;
	struct ethhdr *ethernet = (void *)(long)xdp->data;
	struct iphdr *ip = (void *)(ethernet + 1);
	struct udphdr *udp = (void *)(ip + 1);
	char *text = (void *)(udp + 1);

	if ((void *)(text + 1) > end || ethernet->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5 ||
	    ip->protocol != IPPROTO_UDP)
		return 0;
	/* A veth carries unfinished checksums, of which redirecting loses the mark */
	udp->check = 0;
	return text;
}

SEC("xdp")
int pass(struct xdp_md *xdp)
{
	(void)xdp;
	return XDP_PASS;
}

SEC("xdp")
int to_port(struct xdp_md *xdp)
{
	text_of(xdp);
	return bpf_redirect_map(&ports, 1, XDP_DROP);
}

SEC("xdp")
int to_plain_port(struct xdp_md *xdp)
{
	text_of(xdp);
	return bpf_redirect_map(&plain_ports, 1, XDP_DROP);
}

SEC("xdp")
int along_wire(struct xdp_md *xdp)
{
	text_of(xdp);
	return bpf_redirect_map(&wires, xdp->ingress_ifindex, XDP_DROP);
}

SEC("xdp")
int to_all_others(struct xdp_md *xdp)
{
	text_of(xdp);
	return bpf_redirect_map(&ports, 0, BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS);
}

static __always_inline int stamp_datagram(struct xdp_md *xdp)
{
	char *text = text_of(xdp);

	if (text) {
		*text = 'E';
		stamped++;
		stamped_ifindex = xdp->egress_ifindex;
	}
	return XDP_PASS;
}

SEC("xdp/devmap")
int stamp(struct xdp_md *xdp)
{
	return stamp_datagram(xdp);
}

SEC("xdp.frags/devmap")
int stamp_frags(struct xdp_md *xdp)
{
	return stamp_datagram(xdp);
}

SEC("xdp/cpumap")
int for_cpu(struct xdp_md *xdp)
{
	(void)xdp;
	return XDP_PASS;
}

SEC("tc")
int not_xdp(struct __sk_buff *skb)
{
	(void)skb;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
