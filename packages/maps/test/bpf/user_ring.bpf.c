// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Commands from user space, drained when the program runs.
#include <stddef.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <millrace/events.h>

struct command {
	__u32 verb;
	__u64 argument;
};
MR_USER_EVENTS(commands, struct command, 4096);

__u64 sum;
__u64 last;
__u32 too_short;

/* 1, which ends draining, at a command whose verb is 0. */
static long apply(struct bpf_dynptr *record, void *context)
{
	struct command command;

	if (bpf_dynptr_read(&command, sizeof(command), record, 0, 0)) {
		too_short++;
		return 0;
	}
	sum += command.argument;
	last = command.argument;
	return command.verb == 0;
}

/* Returns how many commands there were. */
SEC("xdp")
int obey(struct xdp_md *ctx)
{
	return bpf_user_ringbuf_drain(&commands, apply, NULL, 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";
