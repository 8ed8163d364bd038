// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_CGROUP_H
#define MILLRACE_CGROUP_H

/*
 * Verdicts of the programs of a control group. Where several programs run, one that denies is
 * enough, and the others still run.
 */

/* The system call fails with EPERM, or the packet is dropped. */
#define MR_DENY	 0
#define MR_ALLOW 1

#endif
