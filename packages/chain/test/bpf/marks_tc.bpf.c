// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The marks for tc. */
#include <millrace/tc.h>
#include "marks.h"
