// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_EVENTS_H
#define MILLRACE_EVENTS_H

/*
 * Typed events to user space through a ring buffer, with a count of those that found it full.
 * Kernel 5.8.
 *
 *	struct drop_event {
 *		ipv4_t source;
 *		enum drop_reason reason;
 *	};
 *	MR_EVENTS(drops, struct drop_event, 1 << 18);
 *
 *	struct drop_event *event = mr_event_reserve(drops);
 *	if (event) {
 *		event->source = ip->source;
 *		event->reason = DROP_BLOCKED;
 *		mr_event_submit(event);
 *	}
 */

#include <stddef.h>
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

/*
 * Declares the ring buffer `name` for records of type `record`. `bytes` is the buffer's size: a
 * power of two and a multiple of the page size. Declares beside it `name_overruns`, a per-CPU count
 * of events lost because the buffer was full, and a variable that ties the record's type to the map
 * in the BTF, where bpf2ts finds it.
 */
#define MR_EVENTS(name, record, bytes)                   \
	struct {                                         \
		__uint(type, BPF_MAP_TYPE_RINGBUF);      \
		__uint(max_entries, bytes);              \
	} name SEC(".maps");                             \
	struct {                                         \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); \
		__uint(max_entries, 1);                  \
		__type(key, __u32);                      \
		__type(value, __u64);                    \
	} name##_overruns SEC(".maps");                  \
	typedef record __record_of_##name;               \
	static const record *const __event_of_##name SEC(".millrace") __attribute__((used))

/*
 * Reserves one record of ring buffer `name`: a pointer to its type, with undefined contents, or
 * NULL when the buffer is full, which is counted. On every path the program must submit or discard
 * it, or the verifier refuses.
 */
#define mr_event_reserve(name)                                                    \
	((__record_of_##name *)mr_event_reserve_or_count(&name, &name##_overruns, \
							 sizeof(__record_of_##name)))

/* What mr_event_reserve() is made of; `size` is a constant. */
static __always_inline void *mr_event_reserve_or_count(void *ring, void *overruns, __u64 size)
{
	void *event = bpf_ringbuf_reserve(ring, size, 0);
	__u32 zero = 0;
	__u64 *count;

	if (event)
		return event;
	count = bpf_map_lookup_elem(overruns, &zero);
	if (count)
		(*count)++;
	return NULL;
}

/* Hands a reserved record to user space and wakes the reader if it has caught up. */
static __always_inline void mr_event_submit(void *event)
{
	bpf_ringbuf_submit(event, 0);
}

/* Gives a reserved record back unsent. */
static __always_inline void mr_event_discard(void *event)
{
	bpf_ringbuf_discard(event, 0);
}

/*
 * For kernels before 5.8, and for packets of any length behind an event: declares the perf event
 * array `name`, with a ring for each CPU, whose records begin with the type `record`.
 *
 *	MR_PERF_EVENTS(samples, struct sample);
 *
 *	struct sample sample = {.length = ctx->data_end - ctx->data};
 *	mr_perf_event_send(ctx, samples, &sample);
 */
#define MR_PERF_EVENTS(name, record)                         \
	struct {                                             \
		__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); \
		__uint(key_size, sizeof(__u32));             \
		__uint(value_size, sizeof(__u32));           \
	} name SEC(".maps");                                 \
	typedef record __record_of_##name;                   \
	static const record *const __event_of_##name SEC(".millrace") __attribute__((used))

/* Copies an event into the ring of this CPU: 0, or -ENOSPC when it is full, which the kernel
 * counts, or -ENOENT when nobody reads. */
#define mr_perf_event_send(ctx, name, event) mr_perf_event_send_packet(ctx, name, event, 0)

/* The same with the first `bytes` of the packet behind it, in XDP and tc: no more than it has. */
#define mr_perf_event_send_packet(ctx, name, event, bytes)                                  \
	({                                                                                  \
		const __record_of_##name *__event = (event);                                \
		bpf_perf_event_output(ctx, &name, BPF_F_CURRENT_CPU | (__u64)(bytes) << 32, \
				      (void *)__event, sizeof(*__event));                   \
	})

/*
 * The other way round, from user space to programs, kernel 6.1: declares the user ring buffer
 * `name` for records of type `record`; `bytes` as for MR_EVENTS.
 *
 *	MR_USER_EVENTS(commands, struct command, 4096);
 *
 *	static long apply(struct bpf_dynptr *record, void *context)
 *	{
 *		struct command command;
 *
 *		if (bpf_dynptr_read(&command, sizeof(command), record, 0, 0))
 *			return 0; // shorter than a command: the next one
 *		...
 *		return 0; // 1 leaves the others for the next time
 *	}
 *	bpf_user_ringbuf_drain(&commands, apply, NULL, 0);
 */
#define MR_USER_EVENTS(name, record, bytes)              \
	struct {                                         \
		__uint(type, BPF_MAP_TYPE_USER_RINGBUF); \
		__uint(max_entries, bytes);              \
	} name SEC(".maps");                             \
	typedef record __record_of_##name;               \
	static const record *const __event_of_##name SEC(".millrace") __attribute__((used))

#endif
