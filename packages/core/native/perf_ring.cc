// SPDX-License-Identifier: Apache-2.0
// BPF_MAP_TYPE_PERF_EVENT_ARRAY from the reader's side: a ring of perf_event_open(2) for each CPU.
#include <algorithm>
#include <bit>
#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <linux/perf_event.h>

#include "event_ring.h"
#include "log.h"
#include "mapping.h"
#include "values.h"

namespace millrace
{

namespace
{

struct BufferCloser {
	void operator()(perf_buffer *buffer) const
	{
		perf_buffer__free(buffer);
	}
};
using BufferPointer = std::unique_ptr<perf_buffer, BufferCloser>;

/** What comes before the bytes of a sample, by the sample_type that is asked for. */
struct SampleHead {
	perf_event_header header;
	uint64_t time;
	uint32_t size;
};
constexpr size_t sample_head = offsetof(SampleHead, size) + sizeof(SampleHead::size);

struct LostRecord {
	perf_event_header header;
	uint64_t id;
	uint64_t lost;
};

/** The ring of one CPU: a page with the positions, then the data, whose end goes on at its start.
 */
class CpuRing
{
public:
	explicit CpuRing(uint8_t *memory)
		: page_(reinterpret_cast<perf_event_mmap_page *>(memory)),
		  data_(memory + page_->data_offset), size_(page_->data_size),
		  tail_(page_->data_tail)
	{
	}

	uint64_t waiting() const
	{
		return __atomic_load_n(&page_->data_head, __ATOMIC_ACQUIRE) - page_->data_tail;
	}
	uint64_t lost() const
	{
		return lost_;
	}

	/** From here on there is nothing newer. */
	void begin()
	{
		tail_ = page_->data_tail;
		end_ = __atomic_load_n(&page_->data_head, __ATOMIC_ACQUIRE);
	}

	/** Goes to the next sample, counting what was lost on the way; false where there is none.
	 * `spoilt` is set when the memory makes no sense. */
	bool next(bool &spoilt)
	{
		while (tail_ != end_) {
			perf_event_header header;
			uint64_t left = end_ - tail_;
			if (left > size_ || left < sizeof(header)) {
				spoilt = true;
				return false;
			}
			copy(&header, tail_, sizeof(header));
			if (header.size < sizeof(header) || header.size > left) {
				spoilt = true;
				return false;
			}
			if (header.type == PERF_RECORD_SAMPLE && header.size >= sample_head) {
				copy(&sample_, tail_, sample_head);
				sample_.size =
					std::min<uint32_t>(sample_.size, header.size - sample_head);
				return true;
			}
			if (header.type == PERF_RECORD_LOST && header.size >= sizeof(LostRecord)) {
				LostRecord record;
				copy(&record, tail_, sizeof(record));
				lost_ += record.lost;
			}
			tail_ += header.size;
		}
		return false;
	}

	const SampleHead &sample() const
	{
		return sample_;
	}
	void take(uint8_t *out)
	{
		copy(out, tail_ + sample_head, sample_.size);
		tail_ += sample_.header.size;
	}
	/** What was taken or passed over is the kernel's again. */
	void commit()
	{
		__atomic_store_n(&page_->data_tail, tail_, __ATOMIC_RELEASE);
	}

private:
	void copy(void *out, uint64_t position, size_t length) const
	{
		uint64_t begin = position % size_;
		size_t first = std::min<uint64_t>(length, size_ - begin);
		memcpy(out, data_ + begin, first);
		memcpy(static_cast<uint8_t *>(out) + first, data_, length - first);
	}

	perf_event_mmap_page *page_;
	const uint8_t *data_;
	uint64_t size_;
	uint64_t tail_;
	uint64_t end_ = 0;
	uint64_t lost_ = 0;
	SampleHead sample_ = {};
};

class PerfRing : public EventRing
{
public:
	PerfRing(UniqueFd map, BufferPointer buffer, std::vector<CpuRing> cpus,
		 RingWatcher::Pointer watcher)
		: EventRing(std::move(watcher)), map_(std::move(map)), buffer_(std::move(buffer)),
		  cpus_(std::move(cpus))
	{
	}

	int64_t available() const override
	{
		uint64_t waiting = 0;
		for (const CpuRing &cpu : cpus_)
			waiting += cpu.waiting();
		return static_cast<int64_t>(waiting);
	}

	/** The records of all CPUs in the order of their time, as far as they are there now. */
	int drain(Bytes out, uint32_t *index, size_t capacity) override
	{
		bool spoilt = false;
		waiting_.clear();
		for (CpuRing &cpu : cpus_) {
			cpu.begin();
			if (cpu.next(spoilt))
				waiting_.push_back(&cpu);
		}
		std::make_heap(waiting_.begin(), waiting_.end(), is_later);
		int result = merge(out, index, capacity, spoilt);
		for (CpuRing &cpu : cpus_)
			cpu.commit();
		return spoilt && result == 0 ? -EBADMSG : result;
	}

	const std::vector<CpuRing> &cpus() const
	{
		return cpus_;
	}

private:
	static bool is_later(const CpuRing *one, const CpuRing *other)
	{
		return one->sample().time > other->sample().time;
	}

	int merge(Bytes out, uint32_t *index, size_t capacity, bool &spoilt)
	{
		size_t records = 0;
		uint64_t used = 0;
		while (!waiting_.empty() && records < capacity) {
			CpuRing *cpu = waiting_.front();
			uint32_t length = cpu->sample().size;
			if (length > out.length - std::min<uint64_t>(used, out.length)) {
				if (records > 0)
					break;
				index[0] = length;
				return -EMSGSIZE;
			}
			std::pop_heap(waiting_.begin(), waiting_.end(), is_later);
			waiting_.pop_back();
			cpu->take(out.data + used);
			index[2 * records] = used;
			index[2 * records + 1] = length;
			records++;
			used = round_up(used + length);
			if (cpu->next(spoilt)) {
				waiting_.push_back(cpu);
				std::push_heap(waiting_.begin(), waiting_.end(), is_later);
			}
		}
		return records;
	}

	// The buffer empties its places in the map when it goes, by the descriptor's number: that
	// is kept until then.
	UniqueFd map_;
	BufferPointer buffer_;
	std::vector<CpuRing> cpus_;
	std::vector<CpuRing *> waiting_;
};

bpf_perf_event_ret no_callback(void *, int, perf_event_header *)
{
	return LIBBPF_PERF_EVENT_DONE;
}

BufferPointer open_buffer(int map, uint32_t pages)
{
	perf_event_attr attributes = {};
	attributes.size = sizeof(attributes);
	attributes.type = PERF_TYPE_SOFTWARE;
	attributes.config = PERF_COUNT_SW_BPF_OUTPUT;
	attributes.sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
	attributes.sample_period = 1;
	attributes.wakeup_events = 1;
	// The clock that programs know as bpf_ktime_get_ns().
	attributes.use_clockid = 1;
	attributes.clockid = CLOCK_MONOTONIC;
	perf_buffer_raw_opts options = {};
	options.sz = sizeof(options);
	return BufferPointer(
		perf_buffer__new_raw(map, pages, &attributes, no_callback, nullptr, &options));
}

Napi::Value perf_open(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Addon &addon = Addon::of(info);
	Slot *slot = slot_argument(info, 0, Kind::map);
	if (!slot)
		return failure(env, EBADF);
	if (slot->map.type != BPF_MAP_TYPE_PERF_EVENT_ARRAY || !info[1].IsNumber())
		return failure(env, EINVAL);
	uint32_t bytes = info[1].As<Napi::Number>().Uint32Value();
	// libbpf would divide by a page, and print.
	if (bytes % page_size() || !std::has_single_bit(bytes))
		return failure(env, EINVAL);
	LogCapture log;
	UniqueFd map = UniqueFd::duplicate(slot->fd.get());
	if (!map.valid())
		return failure(env, errno);
	BufferPointer buffer = open_buffer(map.get(), bytes / page_size());
	if (!buffer)
		return failure(env, errno, log.take());
	std::vector<CpuRing> cpus;
	for (size_t i = 0; i < perf_buffer__buffer_cnt(buffer.get()); i++) {
		void *memory = nullptr;
		size_t length = 0;
		if (int error = perf_buffer__buffer(buffer.get(), i, &memory, &length))
			return failure(env, error);
		cpus.emplace_back(static_cast<uint8_t *>(memory));
	}
	RingWatcher::Pointer watcher =
		RingWatcher::open(addon.loop, perf_buffer__epoll_fd(buffer.get()));
	if (!watcher)
		return failure(env, errno);
	auto ring = std::make_unique<PerfRing>(std::move(map), std::move(buffer), std::move(cpus),
					       std::move(watcher));
	return handle_or_failure(env, addon.handles.add(Kind::ring, UniqueFd(), std::move(ring)));
}

/** Of each CPU's ring, how many records found it full, as far as the kernel has told. */
Napi::Value perf_lost(const Napi::CallbackInfo &info)
{
	Napi::Env env = info.Env();
	Slot *slot = slot_argument(info, 0, Kind::ring);
	auto *ring = slot ? dynamic_cast<PerfRing *>(slot->resource.get()) : nullptr;
	if (!ring)
		return failure(env, EBADF);
	Napi::Array result = Napi::Array::New(env, ring->cpus().size());
	for (uint32_t i = 0; i < ring->cpus().size(); i++)
		result.Set(i, Napi::BigInt::New(env, ring->cpus()[i].lost()));
	return result;
}

} // namespace

void export_perf_rings(Exports &exports)
{
	exports.cold<perf_open>("perfOpen");
	exports.cold<perf_lost>("perfLost");
}

} // namespace millrace
