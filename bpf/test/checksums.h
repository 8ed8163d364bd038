// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Sums over a whole packet. */

#include <millrace/checksum.h>
#include <millrace/packet.h>

struct checksums {
	enum mr_status status;
	/* of all bytes behind the Ethernet header; summed: there were not too many */
	bool summed;
	__be16 frame;
	/* 0 where intact */
	__be16 ipv4_header;
	__be16 transport;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct checksums);
} results SEC(".maps");

static __always_inline __u64 pseudo_sum(const struct mr_packet *packet, __u32 length)
{
	if (packet->version == 4)
		return packet->protocol == IPPROTO_ICMP
			       ? 0
			       : mr_ipv4_pseudo_sum(packet->source.ipv4, packet->destination.ipv4,
						    packet->protocol, length);
	return mr_ipv6_pseudo_sum(&packet->source.ipv6, &packet->destination.ipv6, packet->protocol,
				  length);
}

SEC(MR_SECTION)
int sum_frame(mr_ctx *ctx)
{
	struct checksums *result;
	__u32 zero = 0;
	__u64 sum = 0;
	void *from;

	result = bpf_map_lookup_elem(&results, &zero);
	if (!result || mr_pull(ctx, mr_length(ctx)))
		return MR_ABORTED;
	from = mr_at(ctx, ETH_HLEN, 0);
	if (!from)
		return MR_ABORTED;
	result->summed = mr_checksum_bytes(from, mr_data_end(ctx), mr_length(ctx) - ETH_HLEN, &sum);
	result->frame = mr_checksum(sum);
	return MR_PASS;
}

SEC(MR_SECTION)
int sum_transport(mr_ctx *ctx)
{
	struct checksums *result;
	struct mr_packet packet;
	__u32 zero = 0, length;
	void *from;
	__u64 sum;

	result = bpf_map_lookup_elem(&results, &zero);
	if (!result || mr_pull(ctx, mr_length(ctx)))
		return MR_ABORTED;
	result->status = mr_parse(ctx, &packet);
	if (result->status != MR_OK)
		return MR_DROP;
	length = packet.payload_offset - packet.l4_offset + packet.payload_length;
	sum = pseudo_sum(&packet, length);
	from = mr_at(ctx, packet.l4_offset, 0);
	if (!from)
		return MR_ABORTED;
	result->summed = mr_checksum_bytes(from, mr_data_end(ctx), length, &sum);
	result->transport = mr_checksum(sum);
	return MR_PASS;
}

SEC(MR_SECTION)
int sum_ipv4_header(mr_ctx *ctx)
{
	struct mr_cursor cursor = mr_cursor(ctx);
	struct checksums *result;
	struct mr_ipv4_header *ip;
	__u32 zero = 0;

	result = bpf_map_lookup_elem(&results, &zero);
	if (!result || !mr_parse_ethernet(&cursor))
		return MR_ABORTED;
	ip = mr_parse_ipv4(&cursor);
	result->status = cursor.status;
	if (!ip)
		return MR_DROP;
	result->ipv4_header = mr_ipv4_checksum(ip, cursor.end);
	return MR_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
