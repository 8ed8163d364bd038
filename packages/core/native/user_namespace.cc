// SPDX-License-Identifier: Apache-2.0
#include "user_namespace.h"

#include <sys/stat.h>

namespace millrace
{

namespace
{

/** PROC_USER_INIT_INO, which linux/nsfs.h has since 6.17 and the kernel since 3.8. */
constexpr ino_t first_user_namespace = 0xEFFFFFFD;

bool is_first()
{
	struct stat status;
	return stat("/proc/self/ns/user", &status) == 0 && status.st_ino == first_user_namespace;
}

} // namespace

bool in_first_user_namespace()
{
	// A process of several threads, as Node is, never moves to another.
	static const bool first = is_first();
	return first;
}

} // namespace millrace
