// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// A program or several for each kind of hook; they count how often they ran.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} runs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

static __always_inline void count(__u32 index)
{
	__u32 *run = bpf_map_lookup_elem(&runs, &index);

	if (run)
		__sync_fetch_and_add(run, 1);
}

SEC("tcx/ingress")
int tc_first(struct __sk_buff *skb)
{
	(void)skb;
	count(0);
	return TCX_NEXT;
}

SEC("tcx/ingress")
int tc_second(struct __sk_buff *skb)
{
	(void)skb;
	count(1);
	return TCX_NEXT;
}

SEC("cgroup/sock_create")
int deny(struct bpf_sock *sock)
{
	(void)sock;
	count(0);
	return 0;
}

SEC("cgroup/sock_create")
int allow(struct bpf_sock *sock)
{
	(void)sock;
	count(1);
	return 1;
}

SEC("sk_lookup")
int look(struct bpf_sk_lookup *lookup)
{
	(void)lookup;
	count(0);
	return SK_PASS;
}

SEC("sk_skb/stream_verdict")
int verdict(struct __sk_buff *skb)
{
	(void)skb;
	count(0);
	return SK_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
