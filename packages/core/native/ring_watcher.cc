// SPDX-License-Identifier: Apache-2.0
#include "ring_watcher.h"

#include <cerrno>

namespace millrace
{

RingWatcher::Pointer RingWatcher::open(LoopUse &loop, int fd)
{
	// One file can be watched once by its number: a duplicate leaves the ring's own to others.
	UniqueFd own = UniqueFd::duplicate(fd);
	if (!own.valid())
		return nullptr;
	uv_loop_t *events = nullptr;
	if (napi_get_uv_event_loop(loop.env(), &events) != napi_ok) {
		errno = EINVAL;
		return nullptr;
	}
	auto *watcher = new RingWatcher(loop, std::move(own));
	int error = uv_poll_init(events, &watcher->poll_, watcher->fd_.get());
	if (error) {
		delete watcher;
		errno = -error;
		return nullptr;
	}
	watcher->poll_.data = watcher;
	loop.opened();
	return Pointer(watcher);
}

void RingWatcher::Closer::operator()(RingWatcher *watcher) const
{
	watcher->stop();
	uv_close(reinterpret_cast<uv_handle_t *>(&watcher->poll_), [](uv_handle_t *handle) {
		auto *closed = static_cast<RingWatcher *>(handle->data);
		LoopUse &loop = closed->loop_;
		delete closed;
		loop.closed();
	});
}

int RingWatcher::wait(napi_value readable)
{
	if (callback_)
		return -EBUSY;
	if (napi_create_reference(loop_.env(), readable, 1, &callback_) != napi_ok)
		return -EINVAL;
	int error = uv_poll_start(&poll_, UV_READABLE, on_readable);
	if (error)
		stop();
	return error;
}

void RingWatcher::stop()
{
	uv_poll_stop(&poll_);
	if (callback_)
		napi_delete_reference(loop_.env(), callback_);
	callback_ = nullptr;
}

void RingWatcher::on_readable(uv_poll_t *poll, int, int)
{
	// An error of the poll is for the next drain to find.
	static_cast<RingWatcher *>(poll->data)->call_back();
}

void RingWatcher::call_back()
{
	napi_env env = loop_.env();
	napi_handle_scope scope;
	if (napi_open_handle_scope(env, &scope) != napi_ok)
		return;
	napi_value function = nullptr, receiver = nullptr, thrown = nullptr;
	napi_get_reference_value(env, callback_, &function);
	napi_get_global(env, &receiver);
	stop();
	// The callback may close the ring: nothing of this object is used after it.
	if (napi_make_callback(env, nullptr, receiver, function, 0, nullptr, nullptr) ==
		    napi_pending_exception &&
	    napi_get_and_clear_last_exception(env, &thrown) == napi_ok)
		napi_fatal_exception(env, thrown);
	napi_close_handle_scope(env, scope);
}

} // namespace millrace
