// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counts the packets of a stream by their traces, behind the chain. */
#include <millrace/tc.h>
#include <bpf/bpf_helpers.h>
#include "stream.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct trace);
	__type(value, __u64);
} traces SEC(".maps");

SEC(MR_SECTION)
int record(mr_ctx *ctx)
{
	struct stream_packet *packet = of_stream(ctx);
	struct trace trace;
	__u64 none = 0;
	__u64 *count;

	if (!packet)
		return TC_ACT_UNSPEC;
	__builtin_memcpy(&trace, &packet->trace, sizeof(trace));
	bpf_map_update_elem(&traces, &trace, &none, BPF_NOEXIST);
	count = bpf_map_lookup_elem(&traces, &trace);
	if (count)
		__sync_fetch_and_add(count, 1);
	return TC_ACT_UNSPEC;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
