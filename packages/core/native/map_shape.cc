// SPDX-License-Identifier: Apache-2.0
#include "map_shape.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

namespace millrace
{

namespace
{

bool is_per_cpu(uint32_t type)
{
	return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_LRU_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

/** Maps whose values are descriptors on the way in and ids on the way out, 4 bytes whatever the
 * value size. */
bool holds_descriptors(uint32_t type)
{
	return type == BPF_MAP_TYPE_PROG_ARRAY || type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ||
	       type == BPF_MAP_TYPE_CGROUP_ARRAY || type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

} // namespace

int MapShape::read(int fd)
{
	bpf_map_info info = {};
	uint32_t length = sizeof(info);
	int error = bpf_map_get_info_by_fd(fd, &info, &length);
	if (error)
		return error;
	type = info.type;
	key_size = info.key_size;
	value_size = info.value_size;
	max_entries = info.max_entries;
	flags = info.map_flags;
	value_bytes = value_size;
	if (is_per_cpu(type)) {
		int cpus = libbpf_num_possible_cpus();
		if (cpus < 0)
			return cpus;
		value_bytes = (static_cast<uint64_t>(value_size) + 7) / 8 * 8 * cpus;
	} else if (holds_descriptors(type)) {
		value_bytes = sizeof(uint32_t);
	}
	return 0;
}

} // namespace millrace
