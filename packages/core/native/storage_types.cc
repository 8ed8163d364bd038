// SPDX-License-Identifier: Apache-2.0
#include "storage_types.h"

#include <cerrno>

namespace millrace
{

bool StorageTypes::are_needed(uint32_t map_type)
{
	return map_type == BPF_MAP_TYPE_SK_STORAGE || map_type == BPF_MAP_TYPE_INODE_STORAGE ||
	       map_type == BPF_MAP_TYPE_TASK_STORAGE || map_type == BPF_MAP_TYPE_CGRP_STORAGE;
}

int StorageTypes::load(uint32_t value_size)
{
	types_.reset(btf__new_empty());
	if (!types_)
		return -errno;
	int key = btf__add_int(types_.get(), "int", sizeof(int), BTF_INT_SIGNED);
	int value = btf__add_struct(types_.get(), "value", value_size);
	if (key < 0 || value < 0)
		return key < 0 ? key : value;
	key_ = key;
	value_ = value;
	return btf__load_into_kernel(types_.get());
}

void StorageTypes::set(bpf_map_create_opts &options) const
{
	options.btf_fd = btf__fd(types_.get());
	options.btf_key_type_id = key_;
	options.btf_value_type_id = value_;
}

} // namespace millrace
