// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs to attach and to replace: each tells by the packets it has seen that it was running. */
#include <millrace/xdp.h>
#include <millrace/counters.h>

enum seen_by {
	SEEN_BY_FIRST,
	SEEN_BY_SECOND,
	SEEN_BY_NUMBER,
};

MR_COUNTERS(seen, SEEN_BY_NUMBER);

SEC("xdp")
int drop_first(struct xdp_md *ctx)
{
	mr_count(&seen, SEEN_BY_FIRST, mr_length(ctx));
	return XDP_DROP;
}

SEC("xdp")
int drop_second(struct xdp_md *ctx)
{
	mr_count(&seen, SEEN_BY_SECOND, mr_length(ctx));
	return XDP_DROP;
}

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp.frags")
int pass_frags(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp/devmap")
int before_leaving(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp.frags/cpumap")
int on_another_cpu(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int not_xdp(struct __sk_buff *skb)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
