// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause

/* Checksums after a change of a field, with the fields in a map instead of a packet. */

#include <millrace/checksum.h>

struct change {
	__u64 sum;
	__be16 checksum;
	__be16 from2;
	__be32 from4;
	ipv6_t from16;
	__be32 to4;
	ipv6_t to16;
	__be16 to2;
	/* results */
	__u16 folded;
	__be16 after2;
	__be16 after4;
	__be16 after16;
	__be16 udp_after2;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct change);
} changes SEC(".maps");

SEC("xdp")
int change_fields(struct xdp_md *ctx)
{
	struct change *change;
	__u32 zero = 0;

	change = bpf_map_lookup_elem(&changes, &zero);
	if (!change)
		return XDP_ABORTED;
	change->folded = mr_checksum_fold(change->sum);
	change->after2 = mr_checksum_replace2(change->checksum, change->from2, change->to2);
	change->after4 = mr_checksum_replace4(change->checksum, change->from4, change->to4);
	change->after16 = mr_checksum_replace16(change->checksum, &change->from16, &change->to16);
	change->udp_after2 = mr_udp_checksum_changed(change->checksum, change->after2);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
