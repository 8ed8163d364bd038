// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_CHECKSUM_H
#define MILLRACE_CHECKSUM_H

/*
 * The Internet checksum (RFC 1071): whole, and after a change of a field (RFC 1624). Checksums are
 * in network byte order, as in the packet; sums are of 16-bit words as they lie in memory,
 * unfolded, in 64 bits, begun with 0.
 *
 * In tc the kernel may have left an L4 checksum to the device (CHECKSUM_PARTIAL) or know the
 * payload's already (CHECKSUM_COMPLETE): change L4 checksums by bpf_l4_csum_replace() there. IPv4
 * headers' are always in the packet.
 */

#include <millrace/address.h>
#include <millrace/cursor.h>
#include <millrace/ipv4.h>
#include <millrace/types.h>

/*
 * The most bytes that mr_checksum_bytes() sums. A program may define its own, up to 16352. The
 * verifier walks about one instruction a byte.
 */
#ifndef MR_CHECKSUM_MAX
#define MR_CHECKSUM_MAX 1500
#endif

/* Folds a sum to 16 bits. */
static __always_inline __u16 mr_checksum_fold(__u64 sum)
{
	/* 64 bits to 33, to 17 or fewer, to 17, to 16 */
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/*
 * The checksum to store for a sum over data whose checksum field is zero; 0 over data that is
 * intact.
 */
static __always_inline __be16 mr_checksum(__u64 sum)
{
	return ~mr_checksum_fold(sum);
}

/*
 * UDP's rule (RFC 768): a checksum that comes out as 0 is sent as 0xffff, 0 meaning that there is
 * none.
 */
static __always_inline __be16 mr_udp_checksum(__be16 checksum)
{
	return checksum ? checksum : 0xffff;
}

/* What UDP's checksum becomes when a change made `from` into `to`: none stays none. */
static __always_inline __be16 mr_udp_checksum_changed(__be16 from, __be16 to)
{
	return from ? mr_udp_checksum(to) : 0;
}

/* Bytes that mr_checksum_blocks() sums between two bounds checks. */
#define MR_CHECKSUM_BLOCK 32

/* Sums whole blocks: `bytes` is a multiple of MR_CHECKSUM_BLOCK, up to MR_CHECKSUM_MAX. */
static __always_inline bool mr_checksum_blocks(const void *from, const void *end, __u64 bytes,
					       __u64 *sum)
{
	const __u32 *word;

	for (__u64 done = 0; done < MR_CHECKSUM_MAX && done < bytes; done += MR_CHECKSUM_BLOCK) {
		/* Keeps the constant bound, by which the verifier knows that the loop ends. */
		MR_OPAQUE(done);
		word = mr_within(from, MR_CHECKSUM_BLOCK, end);
		if (!word)
			return false;
		for (int i = 0; i < MR_CHECKSUM_BLOCK / 4; i++)
			*sum += word[i];
		from = word + MR_CHECKSUM_BLOCK / 4;
	}
	return true;
}

/* Sums whole words: `bytes` is a multiple of 4, up to 60. */
static __always_inline bool mr_checksum_words(const void *from, const void *end, __u64 bytes,
					      __u64 *sum)
{
	const __u32 *word;

	MR_UNROLL(15)
	for (int i = 0; i < 15; i++) {
		if (bytes < 4 * (i + 1ULL))
			break;
		word = mr_within(from, sizeof(*word), end);
		if (!word)
			return false;
		*sum += *word;
		from = word + 1;
	}
	return true;
}

/* Sums the last bytes, `bytes` modulo 4 of them. */
static __always_inline bool mr_checksum_tail(const void *from, const void *end, __u64 bytes,
					     __u64 *sum)
{
	if (bytes & 2) {
		from = mr_within(from, 2, end);
		if (!from)
			return false;
		*sum += *(const __u16 *)from;
		from += 2;
	}
	if (bytes & 1) {
		from = mr_within(from, 1, end);
		if (!from)
			return false;
		*sum += bpf_htons(*(const __u8 *)from << 8);
	}
	return true;
}

/*
 * Sums `bytes` bytes of the packet from `from` on, of which the last, if alone, counts as its
 * word's first. False: more than MR_CHECKSUM_MAX, or not all in front of `end`, the end of the
 * linear part. Kernel 5.3.
 */
static __always_inline bool mr_checksum_bytes(const void *from, const void *end, __u64 bytes,
					      __u64 *sum)
{
	__u64 blocks = bytes & ~(MR_CHECKSUM_BLOCK - 1ULL);
	__u64 words = bytes & (MR_CHECKSUM_BLOCK - 4);

	if (bytes > MR_CHECKSUM_MAX || !mr_checksum_blocks(from, end, blocks, sum))
		return false;
	/* Where a loop ended tells the verifier its length: it would walk on once for each. */
	MR_FORGET(blocks, bytes);
	from += blocks & 0x3fff;
	if (!mr_checksum_words(from, end, words, sum))
		return false;
	MR_FORGET(words, bytes);
	from += words & (MR_CHECKSUM_BLOCK - 4);
	return mr_checksum_tail(from, end, bytes, sum);
}

/*
 * The checksum of an IPv4 header with its options: 0 if it is intact; what to store there if its
 * checksum field is zero. `end` is the end of the linear part, in front of which mr_parse_ipv4()
 * found all of the header.
 */
static __always_inline __be16 mr_ipv4_checksum(const struct mr_ipv4_header *ip, const void *end)
{
	__u64 sum = 0;

	mr_checksum_words(ip, end, mr_ipv4_header_length(ip), &sum);
	return mr_checksum(sum);
}

/*
 * The sum over the pseudo-header of TCP and UDP in IPv4; `length` is that of L4 header and payload,
 * bytes.
 */
static __always_inline __u64 mr_ipv4_pseudo_sum(ipv4_t source, ipv4_t destination, __u8 protocol,
						__u16 length)
{
	return (__u64)source + destination + bpf_htons(protocol) + bpf_htons(length);
}

/*
 * The same in IPv6 (RFC 8200 section 8.1), for TCP, UDP and ICMPv6. Kept aligned as address.h says.
 */
static __always_inline __u64 mr_ipv6_pseudo_sum(const ipv6_t *source, const ipv6_t *destination,
						__u8 protocol, __u32 length)
{
	const mr_word_t *x = (const mr_word_t *)source, *y = (const mr_word_t *)destination;
	__u64 sum = (__u64)bpf_htonl(length) + bpf_htonl(protocol);

	for (int i = 0; i < 4; i++)
		sum += (__u64)x[i] + y[i];
	return sum;
}

/*
 * A checksum after a 16-bit field that it covers changed from `from` to `to` (RFC 1624, equation
 * 3).
 */
static __always_inline __be16 mr_checksum_replace2(__be16 checksum, __be16 from, __be16 to)
{
	return mr_checksum((__u64)(__u16)~checksum + (__u16)~from + to);
}

/* The same for a 32-bit field at an even offset, such as an IPv4 address. */
static __always_inline __be16 mr_checksum_replace4(__be16 checksum, __be32 from, __be32 to)
{
	return mr_checksum((__u64)(__u16)~checksum + (__u32)~from + to);
}

/* The same for an IPv6 address. */
static __always_inline __be16 mr_checksum_replace16(__be16 checksum, const ipv6_t *from,
						    const ipv6_t *to)
{
	const mr_word_t *x = (const mr_word_t *)from, *y = (const mr_word_t *)to;
	__u64 sum = (__u16)~checksum;

	for (int i = 0; i < 4; i++)
		sum += (__u64)(__u32)~x[i] + y[i];
	return mr_checksum(sum);
}

#endif
