// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* The end of a chain of XDP programs. */

#include <millrace/xdp.h>
#include "end.h"
