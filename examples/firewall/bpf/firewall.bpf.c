// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A stateless packet filter by IPv4 source address, at XDP: it decides over a packet before the
 * kernel has allocated anything for it.
 *
 * A packet whose source is in `allowed` passes; else one whose source is in `blocked` is dropped;
 * else `default_verdict` holds. What is no IPv4 (ARP, IPv6) passes.
 */
#include <millrace/xdp.h>
#include <millrace/context.h>
#include <millrace/counters.h>
#include <millrace/ethernet.h>
#include <millrace/events.h>
#include <millrace/ipv4.h>
#include <millrace/tcp.h>
#include <millrace/udp.h>

/* Verdict over IPv4 packets that no rule knows. */
const volatile __u32 default_verdict = XDP_PASS;

/* One in so many drops is reported, picked at random; 0: none. */
const volatile __u32 report_every = 1;

/* Tells reports of one version of the program from those of the next. */
const volatile __u32 version = 1;

struct ipv4_prefix {
	__u32 prefix_length;
	ipv4_t address;
};

enum drop_reason {
	DROP_BLOCKED,
	DROP_MALFORMED,
	DROP_DEFAULT,
};

struct drop_event {
	/* nanoseconds, CLOCK_MONOTONIC */
	__u64 time;
	ipv4_t source;
	ipv4_t destination;
	/* 0 where the protocol has none, and in later fragments */
	__be16 destination_port;
	__u8 protocol;
	enum drop_reason reason;
	__u32 version;
};

/* The longest prefix decides; the value counts what it decided. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct ipv4_prefix);
	__type(value, struct mr_counter);
} allowed SEC(".maps"), blocked SEC(".maps");

/* By verdict: XDP_PASS, XDP_DROP. */
MR_COUNTERS(counters, XDP_PASS + 1);

MR_EVENTS(drops, struct drop_event, 1 << 20);

static __always_inline int decide(mr_ctx *ctx, __u32 verdict)
{
	mr_count(&counters, verdict, mr_length(ctx));
	return verdict;
}

static __always_inline __be16 destination_port(struct mr_cursor *cursor, struct mr_ipv4_header *ip)
{
	struct mr_tcp_header *tcp;
	struct mr_udp_header *udp;

	if (mr_ipv4_fragment_offset(ip))
		return 0;
	switch (ip->protocol) {
	case IPPROTO_TCP:
		tcp = mr_parse_tcp(cursor);
		return tcp ? tcp->destination : 0;
	case IPPROTO_UDP:
		udp = mr_parse_udp(cursor);
		return udp ? udp->destination : 0;
	default:
		return 0;
	}
}

/* `ip` is NULL where the packet has no IPv4 header that could be read. */
static __always_inline int drop(mr_ctx *ctx, struct mr_cursor *cursor, struct mr_ipv4_header *ip,
				enum drop_reason reason)
{
	struct drop_event *event;

	if (!report_every || bpf_get_prandom_u32() % report_every)
		return decide(ctx, XDP_DROP);
	event = mr_event_reserve(drops);
	if (event) {
		*event = (struct drop_event){
			.time = bpf_ktime_get_ns(),
			.source = ip ? ip->source : 0,
			.destination = ip ? ip->destination : 0,
			.destination_port = ip ? destination_port(cursor, ip) : 0,
			.protocol = ip ? ip->protocol : 0,
			.reason = reason,
			.version = version,
		};
		mr_event_submit(event);
	}
	return decide(ctx, XDP_DROP);
}

SEC("xdp")
int firewall(struct xdp_md *ctx)
{
	struct mr_cursor cursor = mr_cursor(ctx);
	struct mr_ethernet_header *ethernet = mr_parse_ethernet(&cursor);
	struct mr_ipv4_header *ip;
	struct mr_counter *rule;
	struct ipv4_prefix source = {.prefix_length = 32};

	if (!ethernet || ethernet->protocol != bpf_htons(ETH_P_IP))
		return decide(ctx, XDP_PASS);
	ip = mr_parse_ipv4(&cursor);
	if (!ip)
		return drop(ctx, &cursor, NULL, DROP_MALFORMED);

	source.address = ip->source;
	rule = bpf_map_lookup_elem(&allowed, &source);
	if (rule) {
		mr_count_shared(rule, mr_length(ctx));
		return decide(ctx, XDP_PASS);
	}
	rule = bpf_map_lookup_elem(&blocked, &source);
	if (rule) {
		mr_count_shared(rule, mr_length(ctx));
		return drop(ctx, &cursor, ip, DROP_BLOCKED);
	}
	if (default_verdict == XDP_PASS)
		return decide(ctx, XDP_PASS);
	return drop(ctx, &cursor, ip, DROP_DEFAULT);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
