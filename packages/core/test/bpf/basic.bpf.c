// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Programs of two kinds, a constant that decides, maps, and global variables of every width.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct counter {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} per_cpu SEC(".maps");

const volatile __u32 verdict = XDP_PASS;
const volatile __u64 threshold = 60;
const volatile __u8 enabled = 1;

__u8 data_u8 = 8;
__u16 data_u16 = 16;
__u32 data_u32 = 32;
__u64 data_u64 = 64;
__s8 data_i8 = -8;
__s16 data_i16 = -16;
__s32 data_i32 = -32;
__s64 data_i64 = -64;
_Bool data_bool = 1;
unsigned char data_bytes[4] = {1, 2, 3, 4};
struct counter data_counter = {1, 2};

__u64 seen;
__u32 last_length;

SEC("xdp")
int decide(struct xdp_md *ctx)
{
	__u32 length = ctx->data_end - ctx->data;
	__u32 index = 0;
	struct counter *counter = bpf_map_lookup_elem(&counters, &index);

	__sync_fetch_and_add(&seen, 1);
	last_length = length;
	if (counter) {
		__sync_fetch_and_add(&counter->packets, 1);
		__sync_fetch_and_add(&counter->bytes, length);
	}
	if (!enabled || length < threshold)
		return XDP_ABORTED;
	data_u64 += data_u8 + data_u16 + data_u32;
	data_i64 += data_i8 + data_i16 + data_i32;
	data_counter.packets += data_bool;
	data_bytes[0]++;
	return verdict;
}

SEC("tc")
int mark(struct __sk_buff *skb)
{
	__u32 key = 0;

	bpf_map_update_elem(&per_cpu, &key, &key, BPF_ANY);
	skb->mark = 7;
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
