// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The marks for XDP. */
#include <millrace/xdp.h>
#include "marks.h"
