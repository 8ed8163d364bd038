// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
#include <millrace/tc.h>
#include "chain_stage.h"
