/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef MILLRACE_DISPATCHER_PROTOCOL_H
#define MILLRACE_DISPATCHER_PROTOCOL_H

/*
 * What a dispatcher has to look like for libxdp to take it for one, and the other way round:
 * version 2 of the protocol that libxdp's protocol.org describes.
 */

#include <linux/types.h>

#define MR_DISPATCHER_MAGIC   236
#define MR_DISPATCHER_VERSION 2
#define MR_DISPATCHER_SLOTS   10

/*
 * What a slot returns that no program is in. Every go_on has this bit set, so that the programs
 * after it run when somebody takes a program out.
 */
#define MR_DISPATCHER_EMPTY 31

/*
 * The only constant of a dispatcher, in a map of its own, which is how others read it back. Byte
 * for byte as libxdp has it.
 */
struct mr_dispatcher_config {
	__u8 magic;
	__u8 version;
	/* how many slots are called */
	__u8 programs;
	/* 1: the dispatcher was loaded for packets in several buffers, since all its programs were
	 */
	__u8 frags;
	/* by slot: bit n is set when a program that returns n is to be followed by the next one */
	__u32 go_on[MR_DISPATCHER_SLOTS];
	/* by slot: what the order came from, least first */
	__u32 priorities[MR_DISPATCHER_SLOTS];
	/* by slot: BPF_F_XDP_HAS_FRAGS when its program takes packets in several buffers, or 0 */
	__u32 flags[MR_DISPATCHER_SLOTS];
};

#endif
