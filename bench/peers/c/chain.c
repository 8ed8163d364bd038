// SPDX-License-Identifier: Apache-2.0
// One round of test runs of chains that are wired by libbpf: prints {"row": nanoseconds per stage}.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define MOST_STAGES 32
// What a chain costs depends on where in memory its programs happen to be: each is loaded afresh as
// often, with others between.
#define PLACEMENTS  6
#define MOST_OTHERS 3
#define BATCHES	    9
#define BATCH_NS    500000

static const int lengths[] = {1, 4, 16, 32};

#define LENGTHS ((int)(sizeof(lengths) / sizeof(*lengths)))

static struct bpf_object *objects[1024];
static int object_count;

static int check(int result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

static struct bpf_object *open_object(const char *file)
{
	struct bpf_object *object = bpf_object__open_file(file, NULL);

	if (!object || object_count == sizeof(objects) / sizeof(*objects))
		exit(1);
	objects[object_count++] = object;
	return object;
}

static int program(struct bpf_object *object, const char *name)
{
	return check(bpf_program__fd(bpf_object__find_program_by_name(object, name)), name);
}

static int map(struct bpf_object *object, const char *name)
{
	return check(bpf_object__find_map_fd_by_name(object, name), name);
}

// Loads only the programs of these names; NULL: none.
static void load(struct bpf_object *object, const char *first, const char *second)
{
	struct bpf_program *each;

	bpf_object__for_each_program(each, object)
	{
		const char *name = bpf_program__name(each);

		bpf_program__set_autoload(each, (first && !strcmp(name, first)) ||
							(second && !strcmp(name, second)));
	}
	check(bpf_object__load(object), "load");
}

static struct bpf_object *load_scattered(const char *file, const char *name)
{
	for (int others = rand() % (MOST_OTHERS + 1); others > 0; others--)
		load(open_object(file), "floor_of_all", NULL);
	struct bpf_object *object = open_object(file);

	load(object, name, NULL);
	return object;
}

static void close_all(void)
{
	while (object_count > 0)
		bpf_object__close(objects[--object_count]);
}

static int floor_program(const char *file)
{
	return program(load_scattered(file, "floor_of_all"), "floor_of_all");
}

// By direct tail calls: each stage is an object of its own.
static int direct_chain(const char *file, const char *name, int stages)
{
	int next = floor_program(file);
	__u32 zero = 0;

	for (int i = 0; i < stages; i++) {
		struct bpf_object *object = load_scattered(file, name);

		check(bpf_map_update_elem(map(object, "next"), &zero, &next, 0), "next");
		next = program(object, name);
	}
	return next;
}

// By an index from a map: the stages share the maps of the first.
static int indexed_chain(const char *file, const char *name, int stages)
{
	struct bpf_object *first = NULL;

	for (__u32 i = 0; i <= (__u32)stages; i++) {
		struct bpf_object *object = open_object(file);
		struct bpf_map *data = bpf_object__find_map_by_name(object, ".rodata");

		check(bpf_map__set_initial_value(data, &i, sizeof(i)), "position");
		for (int j = 0; first && j < 2; j++) {
			const char *shared = j ? "successors" : "stages";

			check(bpf_map__reuse_fd(bpf_object__find_map_by_name(object, shared),
						map(first, shared)),
			      shared);
		}
		if (!first)
			first = object;
		load(object, name, "floor_of_all");
		int fd = program(object, i == (__u32)stages ? "floor_of_all" : name);
		__u32 successor = i + 1;

		check(bpf_map_update_elem(map(first, "stages"), &i, &fd, 0), "stages");
		check(bpf_map_update_elem(map(first, "successors"), &i, &successor, 0),
		      "successors");
	}
	return program(first, name);
}

// Nanoseconds a run, by the kernel's own clock: whole ones.
static unsigned int run(int fd, int repeat)
{
	static unsigned char packet[64];
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = repeat);

	check(bpf_prog_test_run_opts(fd, &options), "test run");
	return options.duration;
}

static int ascending(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return (x > y) - (x < y);
}

// The mean of the quickest third of some short batches, which nobody has interrupted: finer than a
// nanosecond.
static double quickest(int fd)
{
	int repeat = BATCH_NS / (run(fd, 1000) + 1);
	unsigned int times[BATCHES];
	double sum = 0;

	for (int i = 0; i < BATCHES; i++)
		times[i] = run(fd, repeat);
	qsort(times, BATCHES, sizeof(*times), ascending);
	for (int i = 0; i < BATCHES / 3; i++)
		sum += times[i];
	return sum / (BATCHES / 3);
}

typedef int (*builder)(const char *file, const char *name, int stages);

// What a chain takes in its quickest place, and on average.
struct taken {
	double least;
	double sum;
};

static void take(struct taken *taken, double time)
{
	if (taken->sum == 0 || time < taken->least)
		taken->least = time;
	taken->sum += time;
}

static void measure(builder build, const char *hook, const char *file, const char *name)
{
	struct taken floor = {}, chains[LENGTHS] = {};
	const char *counted = strcmp(name, "stage") ? ", counted" : "";

	for (int placement = 0; placement < PLACEMENTS; placement++) {
		take(&floor, quickest(floor_program(file)));
		for (int i = 0; i < LENGTHS; i++)
			take(&chains[i], quickest(build(file, name, lengths[i])));
		close_all();
	}
	for (int i = 0; i < LENGTHS; i++) {
		int stages = lengths[i];
		const char *noun = stages == 1 ? "stage" : "stages";

		printf("\"%s, %d %s%s\":%.2f,", hook, stages, noun, counted,
		       (chains[i].least - floor.least) / stages);
		printf("\"%s, %d %s%s, on average\":%.2f,", hook, stages, noun, counted,
		       (chains[i].sum - floor.sum) / PLACEMENTS / stages);
	}
}

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

// chain KIND HOOK OBJECT PROGRAM [HOOK OBJECT PROGRAM]...
int main(int argc, char **argv)
{
	if (argc < 5 || (argc - 2) % 3)
		return 2;
	builder build = strcmp(argv[1], "direct") ? indexed_chain : direct_chain;

	libbpf_set_print(quiet);
	srand(getpid());
	printf("{");
	for (int i = 2; i < argc; i += 3)
		measure(build, argv[i], argv[i + 1], argv[i + 2]);
	printf("\"placements\":%d}\n", PLACEMENTS);
	return 0;
}
