// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "rtnetlink.h"

namespace millrace
{

constexpr uint32_t clsact_ingress = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS);
constexpr uint32_t clsact_egress = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS);

/** What a request about the traffic control of an interface begins with. */
inline tcmsg tc_header(int ifindex, uint32_t parent)
{
	tcmsg header = {};
	header.tcm_family = AF_UNSPEC;
	header.tcm_ifindex = ifindex;
	header.tcm_parent = parent;
	return header;
}

/**
 * About the qdisc in the place of clsact. The kind is told each time: an `ingress` qdisc, which has
 * the same place and handle, is not ours.
 */
NetlinkRequest qdisc_request(uint16_t type, uint16_t flags, int ifindex,
			     std::string_view kind = "clsact");

/** 1, 0 or a negative errno: whether the qdisc in the place of clsact is of this kind. */
int has_qdisc(RtNetlink &rtnetlink, int ifindex, std::string_view kind);

} // namespace millrace
