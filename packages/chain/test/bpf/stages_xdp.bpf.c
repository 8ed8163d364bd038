// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The stages for XDP; notes go through the metadata in front of the packet. */
#include <millrace/xdp.h>
#include "stages.h"

MR_STAGE(write_note)
{
	__u32 *note;
	void *meta;

	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*note)))
		return MR_NEXT;
	meta = (void *)(long)ctx->data_meta;
	note = meta;
	if (meta + sizeof(*note) <= (void *)(long)ctx->data)
		*note = layout;
	return MR_NEXT;
}

MR_STAGE(read_note)
{
	void *meta = (void *)(long)ctx->data_meta;
	__u32 *note = meta;

	if (meta + sizeof(*note) <= (void *)(long)ctx->data)
		mr_count(&notes, *note == layout ? NOTE_UNDERSTOOD : NOTE_MISUNDERSTOOD,
			 mr_length(ctx));
	bpf_xdp_adjust_meta(ctx, sizeof(*note));
	return MR_NEXT;
}
