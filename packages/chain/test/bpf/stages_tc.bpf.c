// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The stages for tc; notes go through the control block of the packet. */
#include <millrace/tc.h>
#include "stages.h"

MR_STAGE(write_note)
{
	ctx->cb[0] = layout;
	return MR_NEXT;
}

MR_STAGE(read_note)
{
	mr_count(&notes, ctx->cb[0] == layout ? NOTE_UNDERSTOOD : NOTE_MISUNDERSTOOD,
		 mr_length(ctx));
	return MR_NEXT;
}
