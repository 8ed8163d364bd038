// SPDX-License-Identifier: Apache-2.0
#include "filters.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <linux/pkt_cls.h>

#include "clsact.h"

namespace millrace
{

namespace
{

/** How often the list is read again because it has changed meanwhile. */
constexpr int most_attempts = 16;

Filter read_filter(const tcmsg &header, Bytes attributes)
{
	Bytes options = find_attribute(attributes, TCA_OPTIONS).value_or(Bytes());
	Filter filter;
	filter.priority = header.tcm_info >> 16;
	filter.handle = header.tcm_handle;
	filter.protocol = ntohs(static_cast<uint16_t>(header.tcm_info));
	filter.chain = number_of(find_attribute(attributes, TCA_CHAIN));
	filter.kind = text_of(find_attribute(attributes, TCA_KIND));
	if (filter.kind == "bpf") {
		filter.name = text_of(find_attribute(options, TCA_BPF_NAME));
		filter.program_id = number_of(find_attribute(options, TCA_BPF_ID));
		uint32_t flags = number_of(find_attribute(options, TCA_BPF_FLAGS));
		filter.direct_action = (flags & TCA_BPF_FLAG_ACT_DIRECT) != 0;
	}
	return filter;
}

/** A container stands in the list only where there is nothing in it. */
void add(std::vector<Filter> &filters, Filter filter)
{
	if (!filters.empty() && filters.back().same_classifier(filter)) {
		if (filter.is_container())
			return;
		if (filters.back().is_container())
			filters.pop_back();
	}
	filters.push_back(std::move(filter));
}

int dump_filters(RtNetlink &rtnetlink, int ifindex, uint32_t parent, std::vector<Filter> &filters)
{
	filters.clear();
	NetlinkRequest request(RTM_GETTFILTER, NLM_F_DUMP, bytes_of(tc_header(ifindex, parent)));
	bool malformed = false;
	int error = rtnetlink.ask(request, [&](uint16_t type, Bytes message) {
		auto header = struct_of<tcmsg>(message);
		if (!header)
			malformed = true;
		else if (type == RTM_NEWTFILTER)
			add(filters, read_filter(*header, behind<tcmsg>(message)));
	});
	return error == 0 && malformed ? -EBADMSG : error;
}

/** 1 where there is a qdisc whose filters these are, 0, or a negative errno. */
int has_direction(RtNetlink &rtnetlink, int ifindex, uint32_t parent)
{
	int found = has_qdisc(rtnetlink, ifindex, "clsact");
	// An `ingress` qdisc gives its filters as those of any direction that it is asked for.
	return found == 0 && parent == clsact_ingress ? has_qdisc(rtnetlink, ifindex, "ingress")
						      : found;
}

} // namespace

bool Filter::same_classifier(const Filter &other) const
{
	return chain == other.chain && priority == other.priority && protocol == other.protocol &&
	       kind == other.kind;
}

bool Filter::is_container() const
{
	// A hash table of u32 has no number of a node.
	return handle == 0 || (kind == "u32" && TC_U32_NODE(handle) == 0);
}

int list_filters(RtNetlink &rtnetlink, int ifindex, uint32_t parent, std::vector<Filter> &filters)
{
	int found = has_direction(rtnetlink, ifindex, parent);
	if (found <= 0)
		return found;
	std::vector<Filter> previous;
	for (int attempt = 0; attempt < most_attempts; attempt++) {
		int error = dump_filters(rtnetlink, ifindex, parent, filters);
		if (error && error != -EINTR)
			return error;
		// The kernel continues at the nth filter: what was removed between two pieces makes
		// it skip one.
		if (error == 0 &&
		    (rtnetlink.pieces() <= 1 || (attempt > 0 && filters == previous))) {
			std::ranges::stable_sort(filters, {}, &Filter::chain);
			return 0;
		}
		previous.swap(filters);
	}
	return -EBUSY;
}

} // namespace millrace
