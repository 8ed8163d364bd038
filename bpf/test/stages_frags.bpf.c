// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define MR_XDP_FRAGS
#include <millrace/xdp.h>
#include "stages.h"
