// SPDX-License-Identifier: Apache-2.0
#include "netns.h"

#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <system_error>
#include <thread>

#include "unique_fd.h"

namespace millrace
{

int in_netns(const std::string &path, const std::function<int()> &operation)
{
	if (path.empty())
		return operation();
	UniqueFd netns(open(path.c_str(), O_RDONLY | O_CLOEXEC));
	if (!netns.valid())
		return -errno;
	int result = 0;
	try {
		std::thread([&] {
			result = setns(netns.get(), CLONE_NEWNET) ? -errno : operation();
		}).join();
	} catch (const std::system_error &error) {
		result = -error.code().value();
	}
	return result;
}

} // namespace millrace
