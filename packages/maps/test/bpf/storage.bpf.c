// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A value for each socket.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct traffic {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct traffic);
} sent SEC(".maps");

/* Counts what each socket sends */
SEC("cgroup_skb/egress")
int count(struct __sk_buff *skb)
{
	struct bpf_sock *socket = skb->sk;
	struct traffic *traffic;

	if (!socket)
		return 1;
	socket = bpf_sk_fullsock(socket);
	if (!socket)
		return 1;
	traffic = bpf_sk_storage_get(&sent, socket, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!traffic)
		return 1;
	__sync_fetch_and_add(&traffic->packets, 1);
	__sync_fetch_and_add(&traffic->bytes, skb->len);
	return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
