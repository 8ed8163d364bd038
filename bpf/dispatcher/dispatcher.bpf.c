// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Ten slots for programs that share an interface. */

#include <millrace/xdp.h>
#include "dispatcher.h"
