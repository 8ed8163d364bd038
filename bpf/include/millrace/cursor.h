// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_CURSOR_H
#define MILLRACE_CURSOR_H

/*
 * A cursor over a packet. Each mr_parse_*() takes one header from it and returns a pointer that the
 * verifier accepts for the whole header, or NULL with the reason in `status`. Kernel 5.3 (bounded
 * loops).
 *
 * The pointers are good until the packet is changed in size or pulled; after that, begin a new
 * cursor or use mr_at().
 */

#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/*
 * Hides from clang what it knows of a variable, at no cost: for code whose form matters to the
 * verifier, where an optimisation that is right in C would be refused.
 */
#define MR_OPAQUE(variable) asm("" : "+r"(variable))

/*
 * Hides from the verifier what it knows of an integer: it becomes anything that `unknown`, which it
 * knows nothing of, could be; mask it after that. Where branches join, one range for all of them
 * lets the verifier walk on once instead of once for each: in a loop, that is all the difference.
 */
#define MR_FORGET(variable, unknown)   \
	do {                           \
		variable ^= (unknown); \
		MR_OPAQUE(variable);   \
		variable ^= (unknown); \
		MR_OPAQUE(variable);   \
	} while (0)

/*
 * In front of a loop: several rounds become one. The verifier drops what it has learnt of an
 * instruction when it comes by too often, and then walks again what it has walked before.
 */
#define MR_UNROLL(rounds) _Pragma(MR_STRING(clang loop unroll_count(rounds)))
#define MR_STRING(text)	  #text

/* The greatest offset of a header, bytes; a mask. The verifier follows packet pointers to 65535. */
#define MR_MAX_OFFSET 0x7fff

/* Why parsing ended. */
enum mr_status {
	/* every header asked for is there */
	MR_OK,
	/*
	 * the frame, or the datagram by its own length field, ends before the header or the payload
	 * does
	 */
	MR_TRUNCATED,
	/* a field contradicts its RFC or another field */
	MR_MALFORMED,
	/* more VLAN tags or extension headers than these headers follow */
	MR_TOO_DEEP,
	/*
	 * the bytes exist, but not in the linear part: mr_pull() them and parse again (tc), or use
	 * bpf_xdp_load_bytes()
	 */
	MR_NONLINEAR,
};

struct mr_cursor {
	/* the first byte of the frame */
	void *start;
	/* the next byte to parse */
	void *position;
	/* the end of the bytes that can be accessed directly */
	void *end;
	/* bytes from the start of the frame to `position` */
	__u64 offset;
	/*
	 * bytes from the start of the frame to its end; once an IP header is parsed, to the end of
	 * that datagram
	 */
	__u64 length;
	enum mr_status status;
};

/*
 * Bytes left, of the frame or, behind an IP header, of the datagram: never an Ethernet frame's
 * padding.
 */
static __always_inline __u64 mr_remaining(const struct mr_cursor *cursor)
{
	return cursor->length - cursor->offset;
}

/*
 * `from` if the `size` bytes there lie in front of `end`, the end of the linear part, else NULL.
 * The comparison that the verifier looks for, kept by MR_OPAQUE in the form it understands: one
 * pointer for comparing and for using, and no arithmetic on `end`.
 */
static __always_inline void *mr_within(const void *from, __u64 size, const void *end)
{
	const void *behind;

	MR_OPAQUE(from);
	behind = from + size;
	MR_OPAQUE(behind);
	return behind <= end ? (void *)from : NULL;
}

/*
 * Takes `size` bytes (at most 2048, so that sums of them stay within what the verifier follows) and
 * returns the first, or NULL with status MR_TRUNCATED or MR_NONLINEAR.
 */
static __always_inline void *mr_take(struct mr_cursor *cursor, __u64 size)
{
	void *taken;

	if (mr_remaining(cursor) < size) {
		cursor->status = MR_TRUNCATED;
		return NULL;
	}
	taken = mr_within(cursor->position, size, cursor->end);
	if (!taken) {
		cursor->status = MR_NONLINEAR;
		return NULL;
	}
	cursor->position = taken + size;
	cursor->offset += size;
	return taken;
}

/*
 * Changes nothing but what the verifier knows of the position: only that it lies somewhere up to
 * MR_MAX_OFFSET. Whichever headers it saw taken, it walks what follows once.
 */
static __always_inline void mr_settle(struct mr_cursor *cursor)
{
	MR_FORGET(cursor->offset, cursor->length);
	cursor->offset &= MR_MAX_OFFSET;
	cursor->position = cursor->start + cursor->offset;
}

/* Ends the parse: sets status MR_MALFORMED and returns NULL, for use in a return statement. */
static __always_inline void *mr_malformed(struct mr_cursor *cursor)
{
	cursor->status = MR_MALFORMED;
	return NULL;
}

#endif
