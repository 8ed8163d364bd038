// SPDX-License-Identifier: Apache-2.0
// Runs the program with the id that is its argument, again and again, until standard input ends.
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <bpf/bpf.h>

int main(int argc, char **argv)
{
	char packet[64] = {};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = 100);
	struct pollfd input = {.fd = 0, .events = POLLIN};
	int program = argc > 1 ? bpf_prog_get_fd_by_id(atoi(argv[1])) : -1;

	if (program < 0) {
		perror("program");
		return 1;
	}
	while (poll(&input, 1, 0) == 0) {
		if (bpf_prog_test_run_opts(program, &options)) {
			perror("run");
			return 1;
		}
	}
	return 0;
}
