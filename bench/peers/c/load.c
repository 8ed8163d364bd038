// SPDX-License-Identifier: Apache-2.0
// One round of opening, loading and closing an object file with libbpf: prints {"row":
// microseconds}.
#include <stdlib.h>
#include <bpf/libbpf.h>
#include "clock.h"

// As many as the others: what a machine does first says little.
#define WARM_UP 3000
#define ROUNDS	300

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

int main(int argc, char **argv)
{
	double first = 0, loads[ROUNDS], cycles[ROUNDS];

	if (argc != 2)
		return 2;
	libbpf_set_print(quiet);
	for (int i = 0; i <= WARM_UP + ROUNDS; i++) {
		double start = cpu_ns();
		struct bpf_object *object = bpf_object__open_file(argv[1], NULL);

		if (!object || bpf_object__load(object))
			return 1;
		double load = cpu_ns() - start;

		bpf_object__close(object);
		if (i == 0) {
			first = load;
		} else if (i > WARM_UP) {
			loads[i - WARM_UP - 1] = load;
			cycles[i - WARM_UP - 1] = cpu_ns() - start;
		}
	}
	qsort(loads, ROUNDS, sizeof(*loads), ascending);
	qsort(cycles, ROUNDS, sizeof(*cycles), ascending);
	printf("{");
	report("open + load, first", first / 1000, 0);
	report("open + load, steady", loads[ROUNDS / 2] / 1000, 0);
	report("open + load + close, steady", cycles[ROUNDS / 2] / 1000, 1);
	return 0;
}
