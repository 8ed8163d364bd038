/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */

/*
 * The program that an interface has when several share it. It calls ten functions one after the
 * other, and the kernel puts a program of somebody's in the place of each (BPF_PROG_TYPE_EXT,
 * "freplace"). The verifier knows the configuration, and leaves nothing in of slots that are not
 * used.
 */

#include "protocol.h"

const volatile struct mr_dispatcher_config config = {};

/*
 * A slot. It resizes the packet by nothing: a program that changes packets may only take the place
 * of a function that does (Linux 6.13). The barrier keeps the compiler from relying on what it
 * returns.
 */
#define MR_SLOT(number)                                 \
	__noinline int prog##number(struct xdp_md *ctx) \
	{                                               \
		int verdict = MR_DISPATCHER_EMPTY;      \
                                                        \
		bpf_xdp_adjust_tail(ctx, 0);            \
		barrier_var(verdict);                   \
		return verdict;                         \
	}

MR_SLOT(0)
MR_SLOT(1)
MR_SLOT(2)
MR_SLOT(3)
MR_SLOT(4)
MR_SLOT(5)
MR_SLOT(6)
MR_SLOT(7)
MR_SLOT(8)
MR_SLOT(9)

/* A verdict that no bit stands for ends it, too: a shift would take 34 for 2. */
#define MR_CALL(number)                                                                       \
	do {                                                                                  \
		__u32 verdict;                                                                \
                                                                                              \
		if (config.programs <= number)                                                \
			return XDP_PASS;                                                      \
		verdict = prog##number(ctx);                                                  \
		if (verdict > MR_DISPATCHER_EMPTY || !(config.go_on[number] & 1U << verdict)) \
			return verdict;                                                       \
	} while (0)

/* By this name libxdp knows that it is one. */
SEC(MR_SECTION)
int xdp_dispatcher(struct xdp_md *ctx)
{
	MR_CALL(0);
	MR_CALL(1);
	MR_CALL(2);
	MR_CALL(3);
	MR_CALL(4);
	MR_CALL(5);
	MR_CALL(6);
	MR_CALL(7);
	MR_CALL(8);
	MR_CALL(9);
	return XDP_PASS;
}

/* In BTF, where releases of libxdp before 1.3 look for the version: it is the length of the array.
 */
__uint(dispatcher_version, MR_DISPATCHER_VERSION) SEC("xdp_metadata");

char LICENSE[] SEC("license") = "Dual BSD/GPL";
