// SPDX-License-Identifier: Apache-2.0
// One round of the ring buffer measures with libbpf: prints {"row": nanoseconds a record}.
// Arguments: the object file, the program `produce`.
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "clock.h"

#define WARM_UP 20
#define DRAINS	100

struct record {
	__u64 time;
	__u32 source;
	__u32 length;
	__u8 rest[48];
};

static __u64 sum, wide_sum, records;

static int narrow(void *context, void *data, size_t size)
{
	const struct record *record = data;

	(void)context;
	(void)size;
	sum += record->source + record->length;
	records++;
	return 0;
}

static int wide(void *context, void *data, size_t size)
{
	const struct record *record = data;

	(void)context;
	(void)size;
	wide_sum += record->time + record->length;
	records++;
	return 0;
}

static int check(int result, const char *what)
{
	if (result < 0) {
		errno = -result;
		perror(what);
		exit(1);
	}
	return result;
}

static int program_of(struct bpf_object *object, const char *name)
{
	return bpf_program__fd(bpf_object__find_program_by_name(object, name));
}

static void fill(int program)
{
	char packet[64] = {};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet));

	do
		check(bpf_prog_test_run_opts(program, &options), "fill");
	while (options.retval != 1); // XDP_DROP
}

static double drained(int program, struct ring_buffer *ring)
{
	double spent = 0, start;

	for (int i = 0; i < WARM_UP + DRAINS; i++) {
		fill(program);
		start = cpu_ns();
		if (i == WARM_UP)
			spent = records = 0;
		check(ring_buffer__consume(ring), "consume");
		spent += cpu_ns() - start;
	}
	return spent / records;
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void read_for(struct ring_buffer *ring, double ns)
{
	double end = now_ns() + ns;

	while (now_ns() < end)
		ring_buffer__poll(ring, 100);
}

static void live(int program, const char *producer, struct ring_buffer *ring)
{
	struct bpf_prog_info info = {};
	__u32 length = sizeof(info);
	double start, cpu, elapsed;
	char id[16];
	int input[2];
	pid_t child;

	check(bpf_prog_get_info_by_fd(program, &info, &length), "info");
	snprintf(id, sizeof(id), "%u", info.id);
	if (pipe(input) || (child = fork()) < 0)
		exit(1);
	if (child == 0) {
		dup2(input[0], 0);
		close(input[0]);
		close(input[1]);
		execl(producer, producer, id, NULL);
		_exit(1);
	}
	close(input[0]);
	read_for(ring, 5e8);
	records = 0;
	start = now_ns();
	cpu = cpu_ns();
	read_for(ring, 1e9);
	cpu = cpu_ns() - cpu;
	elapsed = now_ns() - start;
	report("live producer, a record", elapsed / records, 0);
	report("live producer, the reader's CPU", cpu / records, 1);
	close(input[1]);
	waitpid(child, NULL, 0);
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	struct ring_buffer *ring, *wide_ring;
	int map;

	if (argc < 3 || !(object = bpf_object__open_file(argv[1], NULL)))
		return 1;
	check(bpf_object__load(object), "load");
	map = bpf_object__find_map_fd_by_name(object, "records");
	ring = ring_buffer__new(map, narrow, NULL, NULL);
	wide_ring = ring_buffer__new(map, wide, NULL, NULL);
	if (!ring || !wide_ring)
		return 1;
	printf("{");
	report("drained, two fields read", drained(program_of(object, "fill"), ring), 0);
	report("drained, a u64 and a u32 read", drained(program_of(object, "fill"), wide_ring), 0);
	// One reader a ring: this one begins where the others have left it.
	ring_buffer__free(wide_ring);
	ring_buffer__free(ring);
	ring = ring_buffer__new(map, narrow, NULL, NULL);
	if (!ring)
		return 1;
	live(program_of(object, "produce"), argv[2], ring);
	if (!sum || !wide_sum)
		return 2;
	return 0;
}
