// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Stages with a number each, in one object: for processes that start often. */

#include <millrace/stage.h>
#include "stream.h"

#define MARK(number)                      \
	MR_STAGE(m##number)               \
	{                                 \
		leave_trace(ctx, number); \
		return MR_NEXT;           \
	}

MARK(1)
MARK(2)
MARK(3)
MARK(4)
MARK(5)
MARK(6)
MARK(7)
MARK(8)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
