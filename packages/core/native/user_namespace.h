// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "unique_fd.h"

namespace millrace
{

/** Whether this process is in the first user namespace, the only one in which capabilities alone
 * are enough for bpf(2). */
bool in_first_user_namespace();

/**
 * A BPF token, by which another user namespace may do what was delegated to it with a bpf
 * filesystem: /sys/fs/bpf, or what LIBBPF_BPF_TOKEN_PATH names, as libbpf has it for objects.
 * Not valid where there is none, and in the first user namespace, where none can be made.
 */
UniqueFd delegated_token();

} // namespace millrace
