// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Programs that redirect packets to processors.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} cpus SEC(".maps");

/* Without room for programs */
struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} plain_cpus SEC(".maps");

__u32 chosen = 0;
__u32 ran = 0;
__u32 ran_on = 0;

static __always_inline struct udphdr *udp_of(struct xdp_md *xdp)
{
	void *end = (void *)(long)xdp->data_end;
	struct ethhdr *ethernet = (void *)(long)xdp->data;
	struct iphdr *ip = (void *)(ethernet + 1);
	struct udphdr *udp = (void *)(ip + 1);

	if ((void *)(udp + 1) > end || ethernet->h_proto != bpf_htons(ETH_P_IP) || ip->ihl != 5 ||
	    ip->protocol != IPPROTO_UDP)
		return 0;
	return udp;
}

/* Datagrams only: an empty entry drops them, and the rest goes on */
SEC("xdp")
int to_chosen(struct xdp_md *xdp)
{
	struct udphdr *udp = udp_of(xdp);

	if (!udp)
		return XDP_PASS;
	/* A veth carries unfinished checksums, of which redirecting loses the mark */
	udp->check = 0;
	return bpf_redirect_map(&cpus, chosen, XDP_DROP);
}

SEC("xdp/cpumap")
int arrived(struct xdp_md *xdp)
{
	(void)xdp;
	ran++;
	ran_on = bpf_get_smp_processor_id();
	return XDP_PASS;
}

SEC("xdp/devmap")
int for_device(struct xdp_md *xdp)
{
	(void)xdp;
	return XDP_PASS;
}

SEC("xdp")
int plain(struct xdp_md *xdp)
{
	(void)xdp;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
