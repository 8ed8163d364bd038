// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* What the last stage of a chain goes on to: decides what none of the stages has. */

#include <millrace/context.h>

/* By the hook's own numbers. */
const volatile __s32 verdict = MR_PASS;

SEC(MR_SECTION)
int end(mr_ctx *ctx)
{
	return verdict;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
