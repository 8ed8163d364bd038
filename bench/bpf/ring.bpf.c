// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// Records of 64 bytes for readers of ring buffers: as many as there is room for, or as fast as it
// goes.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct record {
	__u64 time;
	__u32 source;
	__u32 length;
	__u8 rest[48];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 22);
} records SEC(".maps");

__u32 sequence;

static __always_inline int send(__u64 flags)
{
	struct record *record;

	for (int i = 0; i < 1024; i++) {
		record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
		if (!record)
			return XDP_DROP;
		record->time = sequence;
		record->source = sequence++;
		record->length = 64;
		bpf_ringbuf_submit(record, flags);
	}
	return XDP_PASS;
}

/* 1,024 records that wake nobody; XDP_DROP when the ring is full. */
SEC("xdp")
int fill(struct xdp_md *ctx)
{
	return send(BPF_RB_NO_WAKEUP);
}

/* 1,024 records as they come in life. */
SEC("xdp")
int produce(struct xdp_md *ctx)
{
	return send(0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
