/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef SERVICE_CHAIN_STAGES_H
#define SERVICE_CHAIN_STAGES_H

/*
 * Four network functions, each a stage that knows nothing of the others. The parser leaves a note
 * on every packet that it understands; the others go by that note, and let a packet without one go
 * on. So each of them can be inserted, moved, exchanged and removed while packets come in.
 */
#include <millrace/stage.h>
#include <millrace/counters.h>
#include <millrace/ethernet.h>
#include <millrace/ipv4.h>
#include <millrace/tcp.h>
#include <millrace/udp.h>

/* What the parser knows of a packet. */
struct note {
	ipv4_t source;
	/* 0 where the protocol has none, and in later fragments */
	__be16 service;
	__u8 protocol;
	__u8 reserved;
};
MR_METADATA(struct note);

struct ipv4_prefix {
	__u32 prefix_length;
	ipv4_t address;
};

/* Tokens of a source; one token is one packet. */
struct bucket {
	/* nanoseconds, CLOCK_MONOTONIC: when the tokens were counted */
	__u64 time;
	__u64 tokens;
};

/* Packets a second of one source and protocol UDP that the limiter lets through, and at once. */
const volatile __u64 packets_per_second = 500;
const volatile __u64 burst = 100;

/* Sources that the firewall drops. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct ipv4_prefix);
	__type(value, struct mr_counter);
} blocked SEC(".maps");

/* What each service was sent: by destination port, network byte order. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, __be16);
	__type(value, struct mr_counter);
} services SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, ipv4_t);
	__type(value, struct bucket);
} buckets SEC(".maps");

static __always_inline __be16 service_of(struct mr_cursor *cursor, struct mr_ipv4_header *ip)
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

/* 0, or -1 for what is no IPv4. */
static __always_inline int read_note(mr_ctx *ctx, struct note *read)
{
	struct mr_cursor cursor = mr_cursor(ctx);
	struct mr_ethernet_header *ethernet = mr_parse_ethernet(&cursor);
	struct mr_ipv4_header *ip;

	if (!ethernet || ethernet->protocol != bpf_htons(ETH_P_IP))
		return -1;
	ip = mr_parse_ipv4(&cursor);
	if (!ip)
		return -1;
	read->source = ip->source;
	read->protocol = ip->protocol;
	read->service = service_of(&cursor, ip);
	return 0;
}

MR_STAGE(parser)
{
	struct note read = {};
	struct note *note;

	/* Reserving makes pointers into the packet invalid: it is read before. */
	if (read_note(ctx, &read))
		return MR_NEXT;
	note = mr_metadata_reserve(ctx);
	if (note)
		*note = read;
	return MR_NEXT;
}

MR_STAGE(firewall)
{
	struct note *note = mr_metadata(ctx);
	struct ipv4_prefix source = {.prefix_length = 32};
	struct mr_counter *rule;

	if (!note)
		return MR_NEXT;
	source.address = note->source;
	rule = bpf_map_lookup_elem(&blocked, &source);
	if (!rule)
		return MR_NEXT;
	mr_count_shared(rule, mr_length(ctx));
	return MR_DROP;
}

MR_STAGE(counter)
{
	struct note *note = mr_metadata(ctx);
	struct mr_counter first = {.packets = 1};
	struct mr_counter *service;
	__be16 port;

	if (!note)
		return MR_NEXT;
	port = note->service;
	service = bpf_map_lookup_elem(&services, &port);
	if (service) {
		/* This CPU's own. */
		service->packets++;
		service->bytes += mr_length(ctx);
		return MR_NEXT;
	}
	first.bytes = mr_length(ctx);
	bpf_map_update_elem(&services, &port, &first, BPF_NOEXIST);
	return MR_NEXT;
}

/* Takes a token. Two CPUs may take the same one: a limit is not worth a lock. */
static __always_inline bool take_token(ipv4_t source)
{
	struct bucket *bucket = bpf_map_lookup_elem(&buckets, &source);
	struct bucket full = {.time = bpf_ktime_get_ns(), .tokens = burst};
	__u64 earned;

	if (!bucket) {
		bpf_map_update_elem(&buckets, &source, &full, BPF_ANY);
		return true;
	}
	earned = (full.time - bucket->time) * packets_per_second / 1000000000;
	if (earned) {
		bucket->time = full.time;
		bucket->tokens += earned;
		if (bucket->tokens > burst)
			bucket->tokens = burst;
	}
	if (!bucket->tokens)
		return false;
	bucket->tokens--;
	return true;
}

MR_STAGE(limiter)
{
	struct note *note = mr_metadata(ctx);

	if (!note || note->protocol != IPPROTO_UDP || take_token(note->source))
		return MR_NEXT;
	return MR_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#endif
