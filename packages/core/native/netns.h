// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace millrace
{

/**
 * Runs `operation` in the network namespace at `path`, on a thread made for it: the caller's own
 * never changes namespace.
 * '' runs it where we are. Returns what the operation returned, or a negative errno of entering the
 * namespace.
 */
int in_netns(const std::string &path, const std::function<int()> &operation);

} // namespace millrace
