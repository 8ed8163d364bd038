// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// A program for each kind that loads without anything to attach to, to see what a process must be
// allowed to do to load it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define PROGRAM(section, type, verdict)         \
	SEC(section) int load_##type(void *ctx) \
	{                                       \
		(void)ctx;                      \
		return verdict;                 \
	}

PROGRAM("socket", socket_filter, 0)
PROGRAM("tc", sched_cls, 0)
PROGRAM("action", sched_act, 0)
PROGRAM("xdp", xdp, XDP_PASS)
PROGRAM("cgroup_skb/ingress", cgroup_skb, 1)
PROGRAM("cgroup/sock_create", cgroup_sock, 1)
PROGRAM("cgroup/connect4", cgroup_sock_addr, 1)
PROGRAM("cgroup/dev", cgroup_device, 1)
PROGRAM("cgroup/sysctl", cgroup_sysctl, 1)
PROGRAM("cgroup/getsockopt", cgroup_sockopt, 1)
PROGRAM("lwt_in", lwt_in, 0)
PROGRAM("lwt_out", lwt_out, 0)
PROGRAM("lwt_xmit", lwt_xmit, 0)
PROGRAM("lwt_seg6local", lwt_seg6local, 0)
PROGRAM("sockops", sock_ops, 1)
PROGRAM("sk_skb/stream_verdict", sk_skb, SK_PASS)
PROGRAM("sk_msg", sk_msg, SK_PASS)
PROGRAM("sk_lookup", sk_lookup, SK_PASS)
PROGRAM("sk_reuseport", sk_reuseport, SK_PASS)
PROGRAM("flow_dissector", flow_dissector, 0)
PROGRAM("tp/syscalls/sys_enter_bpf", tracepoint, 0)
PROGRAM("raw_tp/sys_enter", raw_tracepoint, 0)
PROGRAM("raw_tp.w/sys_enter", raw_tracepoint_writable, 0)
PROGRAM("perf_event", perf_event, 0)
PROGRAM("kprobe/do_nanosleep", kprobe, 0)
PROGRAM("fentry/bpf_prog_put", tracing, 0)
PROGRAM("lsm/file_open", lsm, 0)
PROGRAM("syscall", syscall, 0)
PROGRAM("netfilter", netfilter, 1)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
