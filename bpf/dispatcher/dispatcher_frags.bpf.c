// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* The same for programs that all take packets in several buffers, as jumbo frames come. */

#define MR_XDP_FRAGS
#include <millrace/xdp.h>
#include "dispatcher.h"
