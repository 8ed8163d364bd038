// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "netlink_message.h"
#include "unique_fd.h"

namespace millrace
{

/** A conversation with rtnetlink, in the network namespace of the thread that has opened it. */
class RtNetlink
{
public:
	/** What the kernel sends in answer: the type and what follows the header. */
	using Visit = std::function<void(uint16_t type, Bytes message)>;

	RtNetlink();

	/**
	 * Asks, and waits for the whole answer. 0 or a negative errno: the kernel's, or -EINTR when
	 * a dump was disturbed by a change and has to be repeated.
	 */
	int ask(NetlinkRequest &request, const Visit &visit = [](uint16_t, Bytes) {});

	/** What the kernel says to one of several requests. */
	struct Answer {
		/** 0 or a negative errno. */
		int error = 0;
		std::string log;
	};

	/**
	 * Sends requests that are answered by no more than yes or no (NLM_F_ACK), all in one system
	 * call. The kernel works through them in their order, also behind one that it refuses,
	 * before it returns: a process that is killed has done none of them or all. A negative
	 * errno: none.
	 */
	int ask_together(std::span<NetlinkRequest> requests, std::vector<Answer> &answers);

	/** The kernel's own words about the last refusal; '' when it had none. */
	const std::string &log() const
	{
		return log_;
	}
	/** Into how many pieces the last answer was cut: between two of them things can change. */
	int pieces() const
	{
		return pieces_;
	}

private:
	int send(std::span<NetlinkRequest> requests);
	/** Waits for the whole answer to the next of the requests that were sent. */
	int hear(const Visit &visit);
	int receive(Bytes &datagram);
	/** Whether the answer is complete with this datagram; what came of it is in `result`. */
	bool read(Bytes datagram, const Visit &visit, int &result);
	int refusal(Bytes message, uint16_t flags, bool quotes_request);

	UniqueFd socket_;
	int error_ = 0;
	/** Of the request whose answer was the last to be waited for. */
	uint32_t sequence_ = 0;
	int pieces_ = 0;
	bool disturbed_ = false;
	std::string log_;
	/** The kernel cuts a dump into pieces of at most 32 KiB. */
	std::vector<std::byte> buffer_ = std::vector<std::byte>(size_t{64} << 10);
};

/** Runs `operation` in the namespace at `netns`; `log` gets the kernel's own words. */
int with_rtnetlink(const std::string &netns, std::string &log,
		   const std::function<int(RtNetlink &)> &operation);

} // namespace millrace
