// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <millrace/tc.h>
#include "metadata.h"

/* Fills the control block with what may be there from before. */
MR_STAGE(soil)
{
	for (int i = 0; i < 5; i++)
		ctx->cb[i] = 0xffffffff;
	return MR_NEXT;
}

/* Tells what XDP programs have noted. */
MR_STAGE(tell_from_xdp)
{
	const struct note *note = mr_xdp_metadata(ctx, struct note);

	if (note)
		copy_note(note);
	return MR_NEXT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
