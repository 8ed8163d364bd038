// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_CONTEXT_H
#define MILLRACE_CONTEXT_H

/*
 * One dataplane source, two hooks. A dataplane is written in a header that includes this one and
 * uses what is declared here; a file of two lines for each hook includes <millrace/xdp.h> or
 * <millrace/tc.h>, which implement it, and then the dataplane. (Or one file is compiled twice, with
 * -DMR_HOOK_XDP and -DMR_HOOK_TC.)
 *
 * MR_SECTION is the section for the hook's programs: SEC(MR_SECTION).
 *
 * Verdicts, by the hook's own numbers:
 * MR_PASS: on to the stack (tc: to the rest of the way, past later filters of the same hook);
 * MR_DROP: the frame ends here;
 * MR_ABORTED: the program failed; drops too, and in XDP fires the tracepoint xdp:xdp_exception.
 */

#include <millrace/cursor.h>

#if defined(MR_HOOK_XDP)
typedef struct xdp_md mr_ctx;
#elif defined(MR_HOOK_TC)
typedef struct __sk_buff mr_ctx;
#else
#error "include <millrace/xdp.h> or <millrace/tc.h> first, or define MR_HOOK_XDP or MR_HOOK_TC"
#endif

/*
 * Bytes of the frame, in tc with those behind the linear part. An XDP program in section xdp.frags
 * defines MR_XDP_FRAGS before its includes to have them counted too (kernel 5.18).
 */
static __always_inline __u32 mr_length(mr_ctx *ctx);

/*
 * Makes the first `length` bytes linear, that is directly accessible: 0, or a negative errno when
 * the frame is shorter, and in XDP, which cannot pull, when they are not linear. Pointers into the
 * packet are gone after it.
 */
static __always_inline int mr_pull(mr_ctx *ctx, __u32 length);

/*
 * Makes room for `bytes` bytes behind the Ethernet header, or takes as many away there when
 * negative: 0 or a negative errno (does not fit; in tc also: not IP). The room's contents are
 * undefined; pointers into the packet are gone after it. Kernel 5.2.
 * In XDP a VLAN tag is in the packet, so the room is in front of it; in tc the outermost is not.
 */
static __always_inline int mr_adjust_room(mr_ctx *ctx, __s32 bytes);

/* Index of the interface that the program is attached to. */
static __always_inline __u32 mr_ifindex(const mr_ctx *ctx);

/* The receive queue, from 0; in tc 0 too when the driver did not say. */
static __always_inline __u32 mr_rx_queue(const mr_ctx *ctx);

/*
 * Whether the kernel keeps the outermost VLAN tag beside the packet instead of in it, as always in
 * tc on ingress and never in XDP. `*tci` is then the tag control information, host byte order.
 */
static __always_inline bool mr_vlan_offloaded(const mr_ctx *ctx, __u16 *tci);

/* Verdict: send the frame out of the interface that the program is attached to. */
static __always_inline int mr_transmit(mr_ctx *ctx);

/* Verdict: send the frame out of interface `ifindex`. */
static __always_inline int mr_redirect(mr_ctx *ctx, __u32 ifindex);

/* The first byte of the frame. */
static __always_inline void *mr_data(const mr_ctx *ctx)
{
	void *data = (void *)(long)ctx->data;

	/*
	 * The field has 32 bits, the verifier's pointer 64: clang must not copy it as the former.
	 */
	MR_OPAQUE(data);
	return data;
}

/* The byte behind the linear part. */
static __always_inline void *mr_data_end(const mr_ctx *ctx)
{
	void *end = (void *)(long)ctx->data_end;

	MR_OPAQUE(end);
	return end;
}

/* Bytes of the linear part. Subtracting packet pointers needs CAP_PERFMON beside CAP_BPF. */
static __always_inline __u64 mr_linear_length(const mr_ctx *ctx)
{
	long length = mr_data_end(ctx) - mr_data(ctx);

	/*
	 * The verifier refuses pointers in a 32-bit subtraction, to which clang would narrow this.
	 */
	MR_OPAQUE(length);
	return length;
}

/* A cursor at the first byte of the frame. */
static __always_inline struct mr_cursor mr_cursor(mr_ctx *ctx)
{
	struct mr_cursor cursor = {
		.start = mr_data(ctx),
		.position = mr_data(ctx),
		.end = mr_data_end(ctx),
		.length = mr_length(ctx),
	};

	return cursor;
}

/*
 * The `size` bytes at `offset` from the start of the frame, or NULL where they are not all in the
 * linear part; `size` is a constant, at most 2048. The way back to a header after the packet was
 * pulled or changed in size: keep offsets across such calls, never pointers.
 */
static __always_inline void *mr_at(mr_ctx *ctx, __u64 offset, __u64 size)
{
	void *data = mr_data(ctx);

	if (offset > MR_MAX_OFFSET)
		return NULL;
	/* The mask repeats the comparison, which the verifier forgets if `offset` is spilled. */
	MR_OPAQUE(offset);
	offset &= MR_MAX_OFFSET;
	return mr_within(data + offset, size, mr_data_end(ctx));
}

#if defined(MR_HOOK_XDP)
#include <millrace/xdp.h>
#else
#include <millrace/tc.h>
#endif

#endif
