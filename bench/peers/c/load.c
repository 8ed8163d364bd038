// SPDX-License-Identifier: Apache-2.0
// Opens, loads and closes an object file with libbpf, in microseconds.
#include <stdlib.h>
#include <bpf/libbpf.h>
#include "clock.h"
#include "contender.h"

// As many as the others: what a machine does first says little.
#define WARM_UP 8000
#define BATCH	100

struct times {
	double load, cycle;
};

static const char *file;
static double first_load;

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static struct times once(void)
{
	double start = cpu_ns(), loaded;
	struct bpf_object *object = bpf_object__open_file(file, NULL);

	if (!object || bpf_object__load(object))
		exit(1);
	loaded = cpu_ns();
	bpf_object__close(object);
	return (struct times){(loaded - start) / 1000, (cpu_ns() - start) / 1000};
}

static struct times steady(void)
{
	static int warm;
	double loads[BATCH], cycles[BATCH];

	for (; warm < WARM_UP; warm++)
		once();
	for (int i = 0; i < BATCH; i++) {
		struct times times = once();

		loads[i] = times.load;
		cycles[i] = times.cycle;
	}
	qsort(loads, BATCH, sizeof(*loads), ascending);
	qsort(cycles, BATCH, sizeof(*cycles), ascending);
	return (struct times){loads[BATCH / 2], cycles[BATCH / 2]};
}

static double first(void)
{
	return first_load;
}

static double load(void)
{
	return steady().load;
}

static double cycle(void)
{
	return steady().cycle;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	file = argv[1];
	libbpf_set_print(quiet);
	first_load = once().load;
	serve((struct row[]){{"open + load, first", first},
			     {"open + load, steady", load},
			     {"open + load + close, steady", cycle}},
	      3);
	return 0;
}
