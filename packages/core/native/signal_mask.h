// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>

namespace millrace
{

/**
 * Keeps signals from this thread while it lives. The verifier gives up when one is pending, and
 * libbpf tries five times: a profiler's signals come faster than that.
 */
class SignalMask
{
public:
	SignalMask()
	{
		sigset_t all;
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before_);
	}
	~SignalMask()
	{
		pthread_sigmask(SIG_SETMASK, &before_, nullptr);
	}
	SignalMask(const SignalMask &) = delete;
	SignalMask &operator=(const SignalMask &) = delete;

private:
	sigset_t before_;
};

} // namespace millrace
