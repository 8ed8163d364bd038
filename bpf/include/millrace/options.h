// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_OPTIONS_H
#define MILLRACE_OPTIONS_H

/*
 * The options of IPv4 (RFC 791 section 3.1) and TCP (RFC 9293 section 3.1), which share one format.
 */

#include <millrace/cursor.h>

/* Bytes that options can take at most, so also the most options there can be. */
#define MR_MAX_OPTIONS 40

/* Kinds that are one byte long. */
#define MR_OPTION_END 0
#define MR_OPTION_NOP 1

/* A walk over the options of one header. */
struct mr_options {
	const __u8 *base;
	const void *end;
	/* bytes of all options, 0 to 40 */
	__u64 length;
	/* of the next option, 0 to 63 */
	__u64 offset;
	/* bytes of the current option, its kind and length included */
	__u64 size;
	/* MR_MALFORMED when an option's length was wrong */
	enum mr_status status;
	__u32 unknown;
};

/*
 * Begins a walk over the `length` bytes at `base`, all taken from `cursor`. `unknown` is any 32-bit
 * field of the packet, for MR_FORGET().
 */
static __always_inline struct mr_options mr_options(const struct mr_cursor *cursor,
						    const void *base, __u64 length, __u32 unknown)
{
	struct mr_options options = {
		.base = base,
		.end = cursor->end,
		.length = length,
		.unknown = unknown,
	};

	MR_FORGET(options.offset, unknown);
	options.offset &= 63;
	return options;
}

/*
 * The next option, pointing to its kind, or NULL after the last and where a length is wrong
 * (status). The verifier has seen a bounds check for two bytes only: see mr_option_data().
 */
static __always_inline const __u8 *mr_next_option(struct mr_options *options)
{
	const __u8 *option, *size;

	if (options->offset >= options->length)
		return NULL;
	option = mr_within(options->base + options->offset, 1, options->end);
	if (!option || *option == MR_OPTION_END)
		return NULL;
	options->size = 1;
	if (*option != MR_OPTION_NOP) {
		options->status = MR_MALFORMED;
		size = mr_within(option + 1, 1, options->end);
		if (!size || *size < 2 || options->offset + *size > options->length)
			return NULL;
		options->size = *size;
		options->status = MR_OK;
	}
	/*
	 * One range whatever the option was; the mask is for the verifier, the offset being at most
	 * 40.
	 */
	options->offset += options->size;
	MR_FORGET(options->offset, options->unknown);
	options->offset &= 63;
	return option;
}

#endif
