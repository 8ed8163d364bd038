// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <node_api.h>
#include <uv.h>

#include "unique_fd.h"

namespace millrace
{

/** Counts what an environment has open in its event loop: libuv needs it until some time after it
 * was closed. */
class LoopUse
{
public:
	explicit LoopUse(napi_env env) : env_(env)
	{
	}

	napi_env env() const
	{
		return env_;
	}
	void opened()
	{
		open_++;
	}
	void closed()
	{
		if (--open_ == 0 && idle_)
			idle_();
	}
	/** Calls back, once, when nothing is left open. */
	void when_idle(std::function<void()> idle)
	{
		idle_ = std::move(idle);
		if (open_ == 0)
			idle_();
	}

private:
	napi_env env_;
	size_t open_ = 0;
	std::function<void()> idle_;
};

/** Waits on an environment's event loop for a ring buffer to become readable. */
class RingWatcher
{
public:
	/** A watcher is never deleted, but closed: its memory goes when libuv is done with it. */
	struct Closer {
		void operator()(RingWatcher *watcher) const;
	};
	using Pointer = std::unique_ptr<RingWatcher, Closer>;

	/** On a duplicate of the ring's descriptor; null with errno set. */
	static Pointer open(LoopUse &loop, int fd);

	/** Calls `readable` once. 0, or -EBUSY while a wait is under way. */
	int wait(napi_value readable);
	void stop();

private:
	RingWatcher(LoopUse &loop, UniqueFd fd) : loop_(loop), fd_(std::move(fd))
	{
	}
	static void on_readable(uv_poll_t *poll, int status, int events);
	void call_back();

	LoopUse &loop_;
	UniqueFd fd_;
	uv_poll_t poll_;
	napi_ref callback_ = nullptr;
};

} // namespace millrace
