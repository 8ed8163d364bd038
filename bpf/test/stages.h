// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Stages whose constants say what they do. */

#include <millrace/ethernet.h>
#include <millrace/stage.h>

/* The last byte of the packets that `decide` decides on; -1 for none, -2 for all. */
const volatile __s32 decided_byte = -1;
const volatile __s32 decided_verdict = MR_DROP;

/* Interface that `send` redirects to. */
const volatile __u32 ifindex = 0;

MR_STAGE(empty)
{
	return MR_NEXT;
}

MR_STAGE(decide)
{
	__u8 *last = mr_at(ctx, mr_length(ctx) - 1, 1);

	if (decided_byte == -2 || (last && *last == decided_byte))
		return decided_verdict;
	return MR_NEXT;
}

MR_STAGE(send)
{
	return mr_redirect(ctx, ifindex);
}

/* Takes some time: sums up the packet, byte by byte. */
MR_STAGE(dawdle)
{
	__u32 sum = 0;
	__u8 *byte;

	for (int offset = 0; offset < 1024; offset++) {
		byte = mr_at(ctx, offset, 1);
		if (!byte)
			break;
		sum += *byte;
	}
	return sum == 0xffffffff ? MR_DROP : MR_NEXT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
