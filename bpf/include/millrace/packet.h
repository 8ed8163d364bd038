// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_PACKET_H
#define MILLRACE_PACKET_H

/* From Ethernet to the ports in one call. */

#include <millrace/arp.h>
#include <millrace/context.h>
#include <millrace/ethernet.h>
#include <millrace/icmp.h>
#include <millrace/icmpv6.h>
#include <millrace/ipv4.h>
#include <millrace/ipv6.h>
#include <millrace/tcp.h>
#include <millrace/udp.h>
#include <millrace/vlan.h>

/* Bits of mr_packet.flags. */
/* a piece of a datagram: the first, a middle or the last one */
#define MR_PACKET_FRAGMENT 0x01
/* not the first piece: what is at l4_offset is data, not a header */
#define MR_PACKET_LATER_FRAGMENT 0x02
/* `source_port` and `destination_port` are set */
#define MR_PACKET_PORTS 0x04

/* Bytes at the start of a packet that mr_parse() makes linear in tc. */
#define MR_PACKET_PULL 128

/* Offsets count from the start of the frame, in bytes: turn them into pointers with mr_at(). */
struct mr_packet {
	/* of the IP header; zero if there is none */
	union mr_address source;
	union mr_address destination;
	/* bytes of the frame */
	__u32 length;
	/* bytes behind the L4 header, or behind the IP headers where no L4 header is known */
	__u32 payload_length;
	/* of a fragment: the same in each of its datagram, network byte order (IPv4: 16 bits) */
	__be32 fragment_id;
	__u16 l3_offset;
	__u16 l4_offset;
	__u16 payload_offset;
	/* EtherType behind the VLAN tags (ETH_P_*), network byte order */
	__be16 ethertype;
	/* TCP and UDP, network byte order; else 0 */
	__be16 source_port;
	__be16 destination_port;
	struct mr_vlans vlans;
	/* 4, 6, or 0: not IP, and nothing behind l3_offset was parsed */
	__u8 version;
	/* IPPROTO_* behind the extension headers */
	__u8 protocol;
	/* MR_PACKET_* */
	__u8 flags;
};

/* What is the same in TCP and UDP: both begin with the ports. */
static __always_inline void mr_packet_ports(struct mr_packet *packet, const __be16 ports[2])
{
	packet->source_port = ports[0];
	packet->destination_port = ports[1];
	packet->flags |= MR_PACKET_PORTS;
}

/* Takes a UDP header and, where its datagram is whole, ends the cursor where its length says. */
static __always_inline bool mr_parse_packet_udp(struct mr_cursor *cursor, struct mr_packet *packet)
{
	struct mr_udp_header *udp = mr_parse_udp(cursor);
	__u64 available, length;

	if (!udp)
		return false;
	mr_packet_ports(packet, &udp->source);
	if (packet->flags & MR_PACKET_FRAGMENT)
		return true;
	available = mr_remaining(cursor);
	length = bpf_ntohs(udp->length) - sizeof(*udp);
	if (length > available) {
		cursor->status = MR_TRUNCATED;
		return false;
	}
	cursor->length -= available - length;
	return true;
}

/* Takes the L4 header that packet->protocol says: TCP, UDP, ICMP, ICMPv6; none of the others. */
static __always_inline bool mr_parse_transport(struct mr_cursor *cursor, struct mr_packet *packet)
{
	struct mr_tcp_header *tcp;

	if (packet->flags & MR_PACKET_LATER_FRAGMENT)
		return true;
	switch (packet->protocol) {
	case IPPROTO_TCP:
		tcp = mr_parse_tcp(cursor);
		if (tcp)
			mr_packet_ports(packet, &tcp->source);
		return tcp;
	case IPPROTO_UDP:
		return mr_parse_packet_udp(cursor, packet);
	case IPPROTO_ICMP:
		return packet->version != 4 || mr_parse_icmp(cursor);
	case IPPROTO_ICMPV6:
		return packet->version != 6 || mr_parse_icmpv6(cursor);
	default:
		return true;
	}
}

/* Takes an IPv4 header and fills in what mr_packet has of it. */
static __always_inline bool mr_parse_packet_ipv4(struct mr_cursor *cursor, struct mr_packet *packet)
{
	struct mr_ipv4_header *ip = mr_parse_ipv4(cursor);

	if (!ip)
		return false;
	packet->version = 4;
	packet->source.ipv4 = ip->source;
	packet->destination.ipv4 = ip->destination;
	packet->protocol = ip->protocol;
	if (mr_ipv4_is_fragment(ip)) {
		packet->flags |= MR_PACKET_FRAGMENT;
		packet->fragment_id = bpf_htonl(bpf_ntohs(ip->id));
	}
	if (mr_ipv4_fragment_offset(ip))
		packet->flags |= MR_PACKET_LATER_FRAGMENT;
	return true;
}

/* Takes an IPv6 header and its extension headers, and fills in what mr_packet has of them. */
static __always_inline bool mr_parse_packet_ipv6(struct mr_cursor *cursor, struct mr_packet *packet)
{
	struct mr_ipv6_header *ip = mr_parse_ipv6(cursor);
	struct mr_ipv6_fragment fragment;

	if (!ip)
		return false;
	packet->version = 6;
	packet->source.ipv6 = ip->source;
	packet->destination.ipv6 = ip->destination;
	packet->protocol = ip->next_header;
	if (!mr_parse_ipv6_extensions(cursor, &packet->protocol, &fragment))
		return false;
	if (fragment.more || fragment.offset) {
		packet->flags |= MR_PACKET_FRAGMENT;
		packet->fragment_id = fragment.id;
	}
	if (fragment.offset)
		packet->flags |= MR_PACKET_LATER_FRAGMENT;
	return true;
}

/*
 * Takes the IP and the L4 header of packet->ethertype at the cursor and fills in all of `packet`
 * from l3_offset on; the caller has zeroed it and set ethertype. For what has no Ethernet header:
 * the inner packet of a tunnel, a tc program on a layer 3 device. True: MR_OK, also when it is not
 * IP. False: as mr_parse().
 */
static __always_inline bool mr_parse_network(struct mr_cursor *cursor, struct mr_packet *packet)
{
	bool parsed = true;

	packet->l3_offset = cursor->offset;
	if (packet->ethertype == bpf_htons(ETH_P_IP))
		parsed = mr_parse_packet_ipv4(cursor, packet);
	else if (packet->ethertype == bpf_htons(ETH_P_IPV6))
		parsed = mr_parse_packet_ipv6(cursor, packet);
	if (!parsed)
		return false;
	packet->l4_offset = cursor->offset;
	if (!mr_parse_transport(cursor, packet))
		return false;
	packet->payload_offset = cursor->offset;
	packet->payload_length = mr_remaining(cursor);
	return true;
}

/*
 * Parses a frame from Ethernet to L4 and fills in `packet`. The status tells:
 * MR_OK: every header is there, and so is the payload (of TCP, UDP and IP, as their length fields
 * say); MR_TRUNCATED: the frame, the datagram or a first fragment ends too early; MR_MALFORMED: a
 * version, a header length or the order of extension headers is wrong; MR_TOO_DEEP: more than 2
 * VLAN tags or 8 extension headers; MR_NONLINEAR: a header is not in the linear part: headers
 * longer than 128 bytes in tc (mr_pull() more and parse again), or in XDP multi-buffer frames.
 * Unless MR_OK, `packet` is filled up to the header at fault. Pulls in tc, so pointers from before
 * are gone.
 *
 * What is not IP is MR_OK with version 0. Checksums are not verified, and fragments not compared
 * with each other.
 */
static __always_inline enum mr_status mr_parse(mr_ctx *ctx, struct mr_packet *packet)
{
	struct mr_ethernet_header *ethernet;
	struct mr_packet empty = {};
	struct mr_cursor cursor;

	*packet = empty;
	mr_pull(ctx, mr_length(ctx) < MR_PACKET_PULL ? mr_length(ctx) : MR_PACKET_PULL);
	cursor = mr_cursor(ctx);
	packet->length = cursor.length;
	ethernet = mr_parse_ethernet(&cursor);
	if (!ethernet)
		return cursor.status;
	packet->ethertype = ethernet->protocol;
	packet->vlans.count = mr_vlan_offloaded(ctx, &packet->vlans.tci[0]);
	if (!mr_parse_vlans(&cursor, &packet->ethertype, &packet->vlans))
		return cursor.status;
	mr_parse_network(&cursor, packet);
	return cursor.status;
}

#endif
