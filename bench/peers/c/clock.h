// SPDX-License-Identifier: Apache-2.0
// CPU time of the process: on a busy machine steadier than the wall clock, and all that is timed
// here is bound by the CPU.
#pragma once

#include <stdio.h>
#include <time.h>

static inline double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static inline void report(const char *row, double ns, int last)
{
	printf("\"%s\":%.1f%s", row, ns, last ? "}\n" : ",");
}
