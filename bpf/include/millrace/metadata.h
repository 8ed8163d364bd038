// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_METADATA_H
#define MILLRACE_METADATA_H

/*
 * What one stage of a chain knows of a packet, for those after it: a struct that travels with the
 * packet. Part of <millrace/stage.h>.
 *
 *	struct hint {
 *		ipv4_t client;
 *		__u16 service;
 *		__u16 flags;
 *	};
 *	MR_METADATA(struct hint);
 *
 *	MR_STAGE(classify)
 *	{
 *		struct hint *hint = mr_metadata_reserve(ctx);
 *
 *		if (hint)
 *			hint->service = 7;
 *		return MR_NEXT;
 *	}
 *
 *	MR_STAGE(decide)
 *	{
 *		struct hint *hint = mr_metadata(ctx);
 *
 *		return hint && hint->service == 7 ? MR_DROP : MR_NEXT;
 *	}
 *
 * All stages of a chain must mean the same struct: declare it in a header that they share.
 *
 * XDP (kernel 4.15): the struct is in front of the packet. Reserving makes pointers into the packet
 * invalid, and puts a new struct in front of what is there already: 32 bytes in all on every
 *kernel, 252 on newer ones, none where the driver has no room for metadata. What is there when the
 *packet is passed goes on to tc on ingress of the same interface, where mr_xdp_metadata() reads it.
 *The kernel merges packets (GRO) only where their metadata are the same.
 *
 * tc: the struct is in the packet's control block, of which a stage has a copy: it is written back
 * before the next stage begins. There is room for 16 bytes and a word that says that they are set.
 * The stack overwrites them when the packet leaves the hook.
 */

#include <millrace/context.h>

/* Most bytes of a struct. In XDP define it, as up to 252, where the kernels that you run take it.
 */
#ifndef MR_METADATA_SIZE
#ifdef MR_HOOK_XDP
#define MR_METADATA_SIZE 32
#else
#define MR_METADATA_SIZE 16
#endif
#endif
#if MR_METADATA_SIZE > 252 || (defined(MR_HOOK_TC) && MR_METADATA_SIZE > 16)
#error "MR_METADATA_SIZE: at most 252 in XDP, 16 in tc"
#endif

/*
 * Declares the struct that travels with packets: a multiple of 4 bytes; one for each object. A
 * variable beside it keeps the type in the BTF, where bpf2ts finds it.
 */
#define MR_METADATA(record)                                                         \
	_Static_assert(sizeof(record) && sizeof(record) % 4 == 0,                   \
		       "metadata: the struct's size is not a multiple of 4 bytes"); \
	_Static_assert(sizeof(record) <= MR_METADATA_SIZE,                          \
		       "metadata: the struct is larger than MR_METADATA_SIZE");     \
	typedef record mr_metadata_record;                                          \
	static const record *const __metadata_of_packets SEC(".millrace") __attribute__((used))

/*
 * Attaches the declared struct to the packet: a pointer to it, all zero, or NULL where there is no
 * room. In the body of a stage.
 */
#define mr_metadata_reserve(ctx) \
	((mr_metadata_record *)mr_reserve_metadata(ctx, mr_carried, sizeof(mr_metadata_record)))

/*
 * The struct that an earlier stage has attached, to read and to change, or NULL when none has. In
 * tc one of another size counts as none. In the body of a stage.
 */
#define mr_metadata(ctx) \
	((mr_metadata_record *)mr_find_metadata(ctx, mr_carried, sizeof(mr_metadata_record)))

/* The `size` bytes in front of the packet, or NULL when there are not as many. */
static __always_inline void *mr_metadata_area(const mr_ctx *ctx, __u64 size)
{
	void *area = (void *)(long)ctx->data_meta;

	MR_OPAQUE(area);
	return mr_within(area, size, mr_data(ctx));
}

/* What these are made of. `size` is a constant. */
#ifdef MR_HOOK_XDP

struct mr_carried {
};

static __always_inline void mr_carry_nothing(struct mr_carried *carried)
{
	(void)carried;
}

static __always_inline void *mr_find_metadata(mr_ctx *ctx, struct mr_carried *carried, __u64 size)
{
	(void)carried;
	return mr_metadata_area(ctx, size);
}

static __always_inline void *mr_reserve_metadata(mr_ctx *ctx, struct mr_carried *carried,
						 const __u64 size)
{
	void *area;

	(void)carried;
	if (bpf_xdp_adjust_meta(ctx, -(int)size))
		return NULL;
	area = mr_metadata_area(ctx, size);
	if (area)
		__builtin_memset(area, 0, size);
	return area;
}

static __always_inline void mr_carry_on(mr_ctx *ctx, const struct mr_carried *carried)
{
	(void)ctx;
	(void)carried;
}

#else

/*
 * A stage's copy of the metadata: the verifier follows a pointer into the context only where clang
 * leaves it as it is, and clang does not.
 */
struct mr_carried {
	/* 0: nothing has been found or reserved */
	__u32 size;
	__u8 bytes[MR_METADATA_SIZE] __attribute__((aligned(8)));
};

/* No initializer instead: clang 14 loses a store in front of one that it copies from a constant. */
static __always_inline void mr_carry_nothing(struct mr_carried *carried)
{
	carried->size = 0;
	__builtin_memset(carried->bytes, 0, sizeof(carried->bytes));
}

/* The last word of the control block says how much of it is metadata; others leave it anyhow. */
#define MR_METADATA_MARK(size)	     (0x6d724d00 + (__u32)(size))

static __always_inline void *mr_find_metadata(mr_ctx *ctx, struct mr_carried *carried, __u64 size)
{
	if (carried->size)
		return carried->bytes;
	if (ctx->cb[4] != MR_METADATA_MARK(size))
		return NULL;
	carried->size = size;
	__builtin_memcpy(carried->bytes, ctx->cb, sizeof(carried->bytes));
	return carried->bytes;
}

static __always_inline void *mr_reserve_metadata(mr_ctx *ctx, struct mr_carried *carried,
						 __u64 size)
{
	(void)ctx;
	carried->size = size;
	__builtin_memset(carried->bytes, 0, sizeof(carried->bytes));
	return carried->bytes;
}

static __always_inline void mr_carry_on(mr_ctx *ctx, const struct mr_carried *carried)
{
	if (!carried->size)
		return;
	__builtin_memcpy(ctx->cb, carried->bytes, sizeof(carried->bytes));
	ctx->cb[4] = MR_METADATA_MARK(carried->size);
}

/*
 * The `record` that XDP programs have left in front of the packet, or NULL when they have not: on
 * ingress, until something changes the packet's head.
 */
#define mr_xdp_metadata(ctx, record) ((const record *)mr_metadata_area(ctx, sizeof(record)))

#endif

#endif
