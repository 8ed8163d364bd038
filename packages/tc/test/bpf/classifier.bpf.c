// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the examples of this package attach. */
#include <millrace/counters.h>
#include <millrace/tc.h>
#include <millrace/packet.h>

#define SSH    22
#define URGENT 6

MR_COUNTERS(packets, 1);

/* Gives interactive traffic a priority that qdiscs heed, and leaves the verdict to others. */
SEC("tc")
int classify(struct __sk_buff *skb)
{
	struct mr_packet packet;

	if (mr_parse(skb, &packet) == MR_OK && packet.protocol == IPPROTO_TCP &&
	    (packet.source_port == bpf_htons(SSH) || packet.destination_port == bpf_htons(SSH)))
		skb->priority = URGENT;
	return TC_ACT_UNSPEC;
}

SEC("tc")
int count(struct __sk_buff *skb)
{
	mr_count(&packets, 0, mr_length(skb));
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
