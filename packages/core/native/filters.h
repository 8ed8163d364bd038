// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rtnetlink.h"

namespace millrace
{

/** A filter of clsact, of any kind. */
struct Filter {
	uint32_t priority = 0;
	uint32_t handle = 0;
	uint16_t protocol = 0;
	uint32_t chain = 0;
	std::string kind;
	// What only a bpf filter has.
	std::string name;
	uint32_t program_id = 0;
	bool direct_action = false;

	bool operator==(const Filter &) const = default;
	/** What the kernel keeps together: one classifier, which may hold many filters. */
	bool same_classifier(const Filter &other) const;
	/** Not a filter, but what a classifier keeps its filters in. */
	bool is_container() const;
};

/** The filters of one direction, in the order in which they run. 0 or a negative errno. */
int list_filters(RtNetlink &rtnetlink, int ifindex, uint32_t parent, std::vector<Filter> &filters);

} // namespace millrace
