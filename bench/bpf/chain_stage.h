// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* An empty stage. */

#include <millrace/stage.h>
#include "chain.h"

MR_STAGE(stage)
{
	return MR_NEXT;
}
