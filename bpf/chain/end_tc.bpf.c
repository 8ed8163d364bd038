// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* The end of a chain of tc programs. */

#include <millrace/tc.h>
#include "end.h"
