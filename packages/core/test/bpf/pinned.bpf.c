// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// Maps that libbpf pins by their names, one of a kind to which the kernel adds a flag.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} sessions SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} scratch SEC(".maps");

SEC("xdp")
int remember(struct xdp_md *ctx)
{
	__u32 key = ctx->ingress_ifindex;
	__u64 one = 1;

	bpf_map_update_elem(&sessions, &key, &one, BPF_ANY);
	bpf_map_update_elem(&scratch, &(__u32){0}, &one, BPF_ANY);
	return bpf_redirect_map(&ports, 0, XDP_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
