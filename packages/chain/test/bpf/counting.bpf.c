// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Two stages that count, in the examples of the documentation. */
#include <millrace/xdp.h>
#include <millrace/stage.h>
#include <millrace/ethernet.h>
#include <millrace/ipv4.h>
#include <millrace/tcp.h>

/* All packets are counted by the stage's own counters. */
MR_STAGE(count)
{
	return MR_NEXT;
}

__u64 web_packets;

/* Packets to the port of HTTP. */
MR_STAGE(count_web)
{
	struct mr_cursor cursor = mr_cursor(ctx);
	struct mr_ethernet_header *ethernet = mr_parse_ethernet(&cursor);
	struct mr_ipv4_header *ip;
	struct mr_tcp_header *tcp;

	if (!ethernet || ethernet->protocol != bpf_htons(ETH_P_IP))
		return MR_NEXT;
	ip = mr_parse_ipv4(&cursor);
	if (!ip || ip->protocol != IPPROTO_TCP || mr_ipv4_fragment_offset(ip))
		return MR_NEXT;
	tcp = mr_parse_tcp(&cursor);
	if (tcp && tcp->destination == bpf_htons(80))
		__sync_fetch_and_add(&web_packets, 1);
	return MR_NEXT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
