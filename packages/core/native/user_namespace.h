// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace millrace
{

/** Whether this process is in the first user namespace, the only one in which capabilities alone
 * are enough for bpf(2). */
bool in_first_user_namespace();

} // namespace millrace
