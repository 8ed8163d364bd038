// SPDX-License-Identifier: Apache-2.0
#include "rtnetlink.h"

#include <algorithm>
#include <cerrno>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "netns.h"

namespace millrace
{

namespace
{

/** The kernel answers before it returns from sending: this is reached only if it never does. */
constexpr timeval patience = {.tv_sec = 10, .tv_usec = 0};

void enable(int socket, int option)
{
	// Without them there are fewer words in a refusal, on a kernel that has none.
	int on = 1;
	setsockopt(socket, SOL_NETLINK, option, &on, sizeof(on));
}

} // namespace

int with_rtnetlink(const std::string &netns, std::string &log,
		   const std::function<int(RtNetlink &)> &operation)
{
	return in_netns(netns, [&] {
		RtNetlink rtnetlink;
		int result = operation(rtnetlink);
		log = rtnetlink.log();
		return result;
	});
}

RtNetlink::RtNetlink() : socket_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE))
{
	if (!socket_.valid()) {
		error_ = -errno;
		return;
	}
	enable(socket_.get(), NETLINK_EXT_ACK);
	enable(socket_.get(), NETLINK_CAP_ACK);
	setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

int RtNetlink::ask(NetlinkRequest &request, const Visit &visit)
{
	log_.clear();
	int error = send({&request, 1});
	return error ? error : hear(visit);
}

int RtNetlink::ask_together(std::span<NetlinkRequest> requests, std::vector<Answer> &answers)
{
	answers.clear();
	int error = send(requests);
	if (error)
		return error;
	for (size_t heard = 0; heard < requests.size(); heard++) {
		int answer = hear([](uint16_t, Bytes) {});
		answers.push_back({.error = answer, .log = log_});
	}
	return 0;
}

int RtNetlink::send(std::span<NetlinkRequest> requests)
{
	if (error_)
		return error_;
	std::vector<iovec> parts;
	for (NetlinkRequest &request : requests) {
		auto bytes = request.finish(sequence_ + 1 + parts.size());
		if (!bytes)
			return -EMSGSIZE;
		parts.push_back({.iov_base = const_cast<std::byte *>(bytes->data()),
				 .iov_len = bytes->size()});
	}
	sockaddr_nl kernel = {};
	kernel.nl_family = AF_NETLINK;
	msghdr message = {};
	message.msg_name = &kernel;
	message.msg_namelen = sizeof(kernel);
	message.msg_iov = parts.data();
	message.msg_iovlen = parts.size();
	return sendmsg(socket_.get(), &message, 0) < 0 ? -errno : 0;
}

int RtNetlink::hear(const Visit &visit)
{
	sequence_++;
	log_.clear();
	pieces_ = 0;
	disturbed_ = false;
	for (;;) {
		Bytes datagram;
		int result = receive(datagram);
		if (result < 0 || read(datagram, visit, result))
			return result;
	}
}

int RtNetlink::receive(Bytes &datagram)
{
	sockaddr_nl sender = {};
	iovec part = {.iov_base = buffer_.data(), .iov_len = buffer_.size()};
	msghdr message = {};
	message.msg_name = &sender;
	message.msg_namelen = sizeof(sender);
	message.msg_iov = &part;
	message.msg_iovlen = 1;
	ssize_t length = 0;
	do {
		length = recvmsg(socket_.get(), &message, 0);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	if (message.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	// Only the kernel has port 0.
	datagram = sender.nl_pid == 0 ? Bytes(buffer_).first(length) : Bytes();
	return 0;
}

bool RtNetlink::read(Bytes datagram, const Visit &visit, int &result)
{
	bool counted = false;
	while (auto header = struct_of<nlmsghdr>(datagram)) {
		size_t length = header->nlmsg_len;
		if (length < NLMSG_HDRLEN || length > datagram.size()) {
			result = -EBADMSG;
			return true;
		}
		Bytes message = datagram.subspan(NLMSG_HDRLEN, length - NLMSG_HDRLEN);
		datagram = datagram.subspan(std::min<size_t>(NLMSG_ALIGN(length), datagram.size()));
		if (header->nlmsg_seq != sequence_)
			continue;
		disturbed_ |= (header->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
		if (header->nlmsg_type == NLMSG_ERROR || header->nlmsg_type == NLMSG_DONE) {
			result = refusal(message, header->nlmsg_flags,
					 header->nlmsg_type == NLMSG_ERROR);
			if (result == 0 && disturbed_)
				result = -EINTR;
			return true;
		}
		if (header->nlmsg_type < NLMSG_MIN_TYPE)
			continue;
		pieces_ += counted ? 0 : 1;
		counted = true;
		visit(header->nlmsg_type, message);
	}
	return false;
}

/** Begins with an errno; behind that, and behind the request where it is quoted, is the text. */
int RtNetlink::refusal(Bytes message, uint16_t flags, bool quotes_request)
{
	auto error = struct_of<int>(message);
	if (!error)
		return quotes_request ? -EBADMSG : 0;
	Bytes attributes = behind<int>(message);
	if (quotes_request) {
		auto quoted = struct_of<nlmsghdr>(attributes);
		size_t length =
			quoted && !(flags & NLM_F_CAPPED) ? quoted->nlmsg_len : NLMSG_HDRLEN;
		attributes = attributes.subspan(
			std::min<size_t>(NLMSG_ALIGN(length), attributes.size()));
	}
	if (flags & NLM_F_ACK_TLVS)
		log_ = text_of(find_attribute(attributes, NLMSGERR_ATTR_MSG));
	return *error;
}

} // namespace millrace
