// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// One of everything that a layout can hold; and what else an object describes: markers, sections,
// programs of two kinds.
#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

enum colour { RED, GREEN };
enum sign { MINUS = -1, PLUS = 1 };
enum wide { WIDE = 1ULL << 40 };

typedef __be32 address_t;

struct inner {
	__u16 a;
	__be16 port;
};

struct everything {
	char name[6];
	bool flag;
	signed char small;
	__u16 low : 3;
	__s16 high : 5;
	__u8 alone;
	address_t address;
	struct inner one;
	struct inner many[2][3];
	enum colour colour;
	enum sign sign;
	enum wide wide;
	union {
		__u64 word;
		__u8 bytes[8];
	};
	struct {
		__be64 network;
	} named;
	void *pointer;
	unsigned __int128 wider;
	double real;
	volatile const __s32 qualified;
} __attribute__((aligned(16)));

struct first_event {
	__u32 number;
};

struct second_event {
	__u64 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32[2]);
	__type(value, struct everything);
} everything SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 8);
} untyped SEC(".maps");

static const struct first_event *const __event_of_first SEC(".millrace") __attribute__((used));
static const struct second_event *const __event_of_second SEC(".millrace") __attribute__((used));

const volatile __u32 limit = 5;
const volatile __u64 aside SEC(".rodata.aside") = 6;
__u32 counted = 7;
__u64 total;

SEC("xdp.frags")
int frags(struct xdp_md *ctx)
{
	total += limit + aside + counted;
	return XDP_PASS;
}

SEC("tc")
int classify(struct __sk_buff *skb)
{
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
