// SPDX-License-Identifier: Apache-2.0
// Times by the clock on the wall, for what waits for the kernel.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST_TIMES 128

struct times {
	const char *row;
	int count;
	double us[MOST_TIMES];
};

static inline double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

// Adds what has passed since `start`, and returns the time.
static inline double took(struct times *times, double start)
{
	double now = now_us();

	if (times->count < MOST_TIMES)
		times->us[times->count++] = now - start;
	return now;
}

static inline int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline double median(struct times *times)
{
	qsort(times->us, times->count, sizeof(*times->us), ascending);
	return times->us[times->count / 2];
}

// Prints {"row": median} of all.
static inline void report_times(struct times *times, int count)
{
	for (int i = 0; i < count; i++)
		printf("%s\"%s\":%.1f", i ? "," : "{", times[i].row, median(&times[i]));
	printf("}\n");
}
