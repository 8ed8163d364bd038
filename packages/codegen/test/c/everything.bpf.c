// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One of everything that has a TypeScript form; see ../expected/everything.bpf.ts. */
#include "declare.h"

struct bpf_spin_lock {
	__u32 val;
};

enum verdict {
	VERDICT_PASS,
	VERDICT_DROP,
	__VERDICT_MAX,
};

enum { PLAIN_ENUMS_ARE_NOT_DECLARED };

enum ip_mode { MODE_4IN6, MODE_6IN4 };

enum cookie { COOKIE_NONE = -1, COOKIE_FIRST = 0x100000000LL };

struct hits {
	__u64 packets;
	__u64 bytes;
};

/* A trie's key begins with the length of its prefix. */
struct prefix {
	__u32 prefix_length;
	ipv4_t address;
};

struct address {
	__u8 family;
	union {
		ipv4_t v4;
		ipv6_t v6;
	};
};

typedef struct {
	struct address source;
	__be16 source_port;
	__u16 mark;
} flow_key_t;

union token {
	__u64 whole;
	struct {
		__u32 low;
		__u32 high;
	};
	__u8 raw[8];
};

struct session {
	struct bpf_spin_lock lock;
	enum verdict verdict;
	bool is_open;
	mac_t neighbour;
	char name[16];
	__u8 secret[32];
	__s32 drift;
	__u32 version : 4;
	__s32 offset : 12;
	__u64 sequence : 40;
	enum verdict last : 2;
	bool is_new : 1;
	enum cookie cookie;
	__u16 histogram[8];
	__u32 matrix[2][3];
	struct hits per_direction[2];
	char aliases[2][8];
	enum ip_mode modes[2];
	union token token;
	struct {
		__u64 first, last;
	} seen;
	unsigned __int128 wide;
	double rate;
	u64_number_t clock;
	__be64 stamp;
} __attribute__((aligned(64)));

struct __attribute__((packed)) drop_event {
	ipv4_t source;
	__u16 length;
	__u32 interface;
};

/* Names that are taken in TypeScript: by a class, by a global and by the struct above. */
struct hash_map {
	__u32 map;
};

struct map {
	__u32 class;
};

typedef enum { HITS_NONE, HITS_SOME } hits_t;

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct prefix);
	__type(value, struct hits);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} blocked SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, flow_key_t);
	__type(value, struct session);
	__uint(max_entries, 65536);
} sessions SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(key_size, 12);
	__type(value, __u64);
	__uint(max_entries, 16);
} opaque_keys SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, int);
	__type(value, enum verdict);
	__uint(max_entries, 4);
} verdicts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct hits);
	__uint(max_entries, 2);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, __be16);
	__type(value, __u32[4]);
	__uint(max_entries, 64);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__type(key, struct hash_map);
	__type(value, struct map);
	__uint(max_entries, 64);
} recent SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} next SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 2);
} peers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__type(key, ipv6_t);
	__uint(value_size, 4);
	__uint(max_entries, 64);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 262144);
} drops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} drops_overruns SEC(".maps");

static const struct drop_event *const __event_of_drops SEC(".millrace");

const volatile enum verdict default_verdict = VERDICT_PASS;
const volatile __u16 allowed_ports[4] = {80, 443};
const volatile char interface_name[16] = "eth0";
const volatile ipv6_t gateway;
const volatile bool is_strict;

/* Not constants: the compiler has used the first already, and the others are nobody else's
 * business. */
const __u32 folded = 7;
static const volatile __u32 hidden = 8;
static __u32 internal;

__u64 packets_seen;
struct hits totals = {1, 2};
hits_t state SEC(".data.shared");
float load;

SEC("xdp")
int firewall(void *context)
{
	static int calls;

	(void)context;
	calls++;
	internal += hidden + folded;
	packets_seen +=
		allowed_ports[calls & 3] + interface_name[calls & 15] + gateway.bytes[calls & 15];
	totals.packets += is_strict + state + internal;
	return default_verdict;
}

SEC("?xdp.frags")
int firewall_frags(void *context)
{
	(void)context;
	return *(int *)&load;
}

char _license[] SEC("license") = "Dual BSD/GPL";
