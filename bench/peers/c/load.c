// SPDX-License-Identifier: Apache-2.0
// Opens, loads and closes an object file with libbpf, in microseconds.
#include <stdlib.h>
#include <bpf/libbpf.h>
#include "clock.h"
#include "contender.h"

// Batches; as many as the others: what a machine does first says little.
#define WARM_UP 400
#define BATCH	20

struct times {
	double load, cycle;
};

static const char *file;
static double first_load;

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

// Microseconds an object.
static struct times batch(int length)
{
	struct bpf_object *objects[BATCH];
	double start = cpu_ns(), loaded;

	for (int i = 0; i < length; i++) {
		objects[i] = bpf_object__open_file(file, NULL);
		if (!objects[i] || bpf_object__load(objects[i]))
			exit(1);
	}
	loaded = cpu_ns();
	for (int i = 0; i < length; i++)
		bpf_object__close(objects[i]);
	return (struct times){(loaded - start) / 1000 / length, (cpu_ns() - start) / 1000 / length};
}

static struct times steady(void)
{
	static int warm;

	for (; warm < WARM_UP; warm++)
		batch(BATCH);
	return batch(BATCH);
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
	first_load = batch(1).load;
	serve((struct row[]){{"open + load, first", first},
			     {"open + load, steady", load},
			     {"open + load + close, steady", cycle}},
	      3);
	return 0;
}
