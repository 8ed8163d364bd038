// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The stages, for tc. */
#include <millrace/tc.h>
#include "stages.h"
