// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf2ts: no
// Passes the packet where the BTF that it is relocated against has the kernel's own struct of that
// name.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

SEC("xdp")
int knows_kernel(struct xdp_md *ctx)
{
	(void)ctx;
	return bpf_core_type_exists(struct task_struct) ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
