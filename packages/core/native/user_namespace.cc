// SPDX-License-Identifier: Apache-2.0
#include "user_namespace.h"

#include <bpf/bpf.h>
#include <cstdlib>
#include <fcntl.h>
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

UniqueFd delegated_token()
{
	if (in_first_user_namespace())
		return UniqueFd();
	const char *chosen = getenv("LIBBPF_BPF_TOKEN_PATH");
	UniqueFd folder(open(chosen ? chosen : "/sys/fs/bpf", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	return folder.valid() ? UniqueFd(bpf_token_create(folder.get(), nullptr)) : UniqueFd();
}

} // namespace millrace
