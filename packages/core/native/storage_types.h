// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <cstdint>
#include <memory>

namespace millrace
{

/**
 * The types without which the kernel makes no map that stores values with sockets, inodes, tasks or
 * control groups: an int, by which the owner is named, and a struct of as many bytes as the values
 * have and no members.
 */
class StorageTypes
{
public:
	static bool are_needed(uint32_t map_type);

	/** 0 or a negative errno. */
	int load(uint32_t value_size);

	/** Until this is destroyed. */
	void set(bpf_map_create_opts &options) const;

private:
	std::unique_ptr<btf, decltype(&btf__free)> types_{nullptr, btf__free};
	uint32_t key_ = 0;
	uint32_t value_ = 0;
};

} // namespace millrace
