// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_SOCK_FIELD_H
#define MILLRACE_SOCK_FIELD_H

/*
 * What the headers of the socket hooks are made of: access to the fields of their contexts. The
 * verifier takes it in the widths that it knows for the field, so clang must neither join two words
 * nor split one.
 *
 * An IPv6 address is read into a union mr_address: its member `ipv6` is what the functions of
 * address.h and the structs of a program take.
 */

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <millrace/address.h>

/* One field, in its own width. */
#define MR_FIELD(field) (*(volatile __typeof__(field) *)&(field))

/* The four words of an address, of a context or of bpf_flow_keys. */
#define MR_READ_IPV6(field)                                   \
	({                                                    \
		union mr_address address_read;                \
                                                              \
		address_read.words[0] = MR_FIELD((field)[0]); \
		address_read.words[1] = MR_FIELD((field)[1]); \
		address_read.words[2] = MR_FIELD((field)[2]); \
		address_read.words[3] = MR_FIELD((field)[3]); \
		address_read;                                 \
	})

/* `address` is a const ipv6_t *, aligned to 4 bytes as address.h asks for. */
#define MR_WRITE_IPV6(field, address)                                         \
	do {                                                                  \
		const mr_word_t *word_written = (const mr_word_t *)(address); \
                                                                              \
		MR_FIELD((field)[0]) = word_written[0];                       \
		MR_FIELD((field)[1]) = word_written[1];                       \
		MR_FIELD((field)[2]) = word_written[2];                       \
		MR_FIELD((field)[3]) = word_written[3];                       \
	} while (0)

#endif
