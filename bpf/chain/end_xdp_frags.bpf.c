// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* The end of a chain of XDP programs that take frames in fragments. */

#define MR_XDP_FRAGS
#include <millrace/xdp.h>
#include "end.h"
