// SPDX-License-Identifier: Apache-2.0
// How long commands take, process and all: prints {"row": microseconds}.
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include "times.h"

#define ROUNDS	   20
#define MOST_ROWS  16
#define MOST_WORDS 32

extern char **environ;

static void run(char *command)
{
	char *words[MOST_WORDS + 1], *rest, line[256];
	int count = 0, status;
	pid_t child;

	snprintf(line, sizeof(line), "%s", command);
	for (char *word = strtok_r(line, " ", &rest); word && count < MOST_WORDS;
	     word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	words[count] = NULL;
	if (posix_spawnp(&child, words[0], NULL, NULL, words, environ) ||
	    waitpid(child, &status, 0) != child || status) {
		fprintf(stderr, "failed: %s\n", command);
		exit(1);
	}
}

// commands [ROW COMMAND[;COMMAND]...]...
int main(int argc, char **argv)
{
	struct times times[MOST_ROWS] = {};
	int rows = (argc - 1) / 2;

	if (rows < 1 || rows > MOST_ROWS)
		return 2;
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < rows; i++) {
			char commands[512], *rest;

			times[i].row = argv[1 + 2 * i];
			snprintf(commands, sizeof(commands), "%s", argv[2 + 2 * i]);
			double start = now_us();

			for (char *each = strtok_r(commands, ";", &rest); each;
			     each = strtok_r(NULL, ";", &rest))
				run(each);
			took(&times[i], start);
		}
	}
	report_times(times, rows);
	return 0;
}
