// SPDX-License-Identifier: Apache-2.0
// BPF_MAP_TYPE_USER_RINGBUF from the writer's side.
#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>

#include "hot_call.h"
#include "log.h"
#include "values.h"

namespace millrace
{

namespace
{

struct RingCloser {
	void operator()(user_ring_buffer *ring) const
	{
		user_ring_buffer__free(ring);
	}
};
using RingPointer = std::unique_ptr<user_ring_buffer, RingCloser>;

class UserRing : public Resource
{
public:
	explicit UserRing(RingPointer ring) : ring_(std::move(ring))
	{
	}

	/** 0, -ENOSPC when there is no room now, -E2BIG when there never is. */
	int write(Bytes record)
	{
		void *place = user_ring_buffer__reserve(ring_.get(), record.length);
		if (!place)
			return -errno;
		memcpy(place, record.data, record.length);
		user_ring_buffer__submit(ring_.get(), place);
		return 0;
	}

private:
	RingPointer ring_;
};

Napi::Value user_ring_open(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Slot *slot = slot_argument(info, 0, Kind::map);
	if (!slot)
		return failure(env, EBADF);
	if (slot->map.type != BPF_MAP_TYPE_USER_RINGBUF)
		return failure(env, EINVAL);
	LogCapture log;
	RingPointer ring(user_ring_buffer__new(slot->fd.get(), nullptr));
	if (!ring)
		return failure(env, errno, log.take());
	return handle_or_failure(
		env, Addon::of(info).handles.add(Kind::user_ring, UniqueFd(),
						 std::make_unique<UserRing>(std::move(ring))));
}

napi_value user_ring_write(napi_env env, napi_callback_info info)
{
	HotCall<2> call(env, info);
	Slot *slot = call.slot(0, Kind::user_ring);
	if (!slot)
		return call.returns(-EBADF);
	Bytes record;
	if (!call.bytes(1, record) || record.length > UINT32_MAX)
		return call.returns(-EINVAL);
	return call.returns(static_cast<UserRing *>(slot->resource.get())->write(record));
}

} // namespace

void export_user_rings(Exports &exports)
{
	exports.cold<user_ring_open>("userRingOpen");
	exports.hot("userRingWrite", user_ring_write);
}

} // namespace millrace
