// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* What every contender's chain starts from: a program that is no stage. */

#include <millrace/context.h>

SEC(MR_SECTION)
int floor_of_all(mr_ctx *ctx)
{
	return MR_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
