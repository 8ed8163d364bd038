// SPDX-License-Identifier: Apache-2.0
#include "map_memory.h"

#include <bpf/bpf.h>
#include <cerrno>
#include <map>
#include <mutex>

namespace millrace
{

namespace
{

/** Since Linux 5.14; older headers do not have it. */
constexpr int populate_for_writing = 23;

using Memory = std::shared_ptr<const MapMemory>;

/**
 * Arenas by map id. The kernel maps an arena at one address only, so that what needs it twice, in
 * this thread or another, has to share.
 */
class Arenas
{
public:
	int of(int fd, Memory &out)
	{
		bpf_map_info map = {};
		uint32_t size = sizeof(map);
		if (bpf_map_get_info_by_fd(fd, &map, &size))
			return errno;
		std::lock_guard lock(mutex_);
		for (auto entry = mapped_.begin(); entry != mapped_.end();)
			entry = entry->second.expired() ? mapped_.erase(entry) : std::next(entry);
		std::weak_ptr<const MapMemory> &known = mapped_[map.id];
		out = known.lock();
		if (out)
			return 0;
		// One that was made without an address gets it by the first who maps it.
		uint64_t length = static_cast<uint64_t>(map.max_entries) * page_size();
		Mapping mapping = Mapping::at(map.map_extra, fd, length);
		if (!mapping.valid())
			return errno;
		out = std::make_shared<const MapMemory>(std::move(mapping), length, true);
		known = out;
		return 0;
	}

private:
	std::mutex mutex_;
	std::map<uint32_t, std::weak_ptr<const MapMemory>> mapped_;
};

int array_of(int fd, const MapShape &map, bool writable, Memory &out)
{
	uint64_t length = (map.value_bytes + 7) / 8 * 8 * map.max_entries;
	Mapping mapping = Mapping::of(fd, 0, length, writable);
	if (!mapping.valid())
		return errno;
	out = std::make_shared<const MapMemory>(std::move(mapping), length, writable);
	return 0;
}

} // namespace

int MapMemory::of(int fd, const MapShape &map, bool writable, Memory &out)
{
	static Arenas arenas;
	if (map.type == BPF_MAP_TYPE_ARENA)
		return arenas.of(fd, out);
	// Other kinds lay their memory out in their own ways.
	if (map.type != BPF_MAP_TYPE_ARRAY || !(map.flags & BPF_F_MMAPABLE))
		return EOPNOTSUPP;
	return array_of(fd, map, writable, out);
}

int MapMemory::populate(uint64_t offset, uint64_t length) const
{
	if (!covers(offset, length))
		return -EINVAL;
	uint64_t begin = offset / page_size() * page_size();
	return madvise(data() + begin, offset + length - begin, populate_for_writing) ? -errno : 0;
}

} // namespace millrace
