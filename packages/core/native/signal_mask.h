// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <initializer_list>

namespace millrace
{

/**
 * Keeps signals from this thread while it lives. The verifier and test runs give up when one is
 * pending: for a load libbpf tries five times, and a profiler's signals come faster than that.
 */
class SignalMask
{
public:
	/** @param let_through - signals that are to come nevertheless */
	explicit SignalMask(std::initializer_list<int> let_through = {})
	{
		sigset_t kept;
		sigfillset(&kept);
		for (int signal : let_through)
			sigdelset(&kept, signal);
		pthread_sigmask(SIG_SETMASK, &kept, &before_);
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
