// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#ifndef MILLRACE_STAGE_H
#define MILLRACE_STAGE_H

/*
 * A stage: a program that runs alone, or as one of a chain of programs on one hook, without knowing
 * which. Where it has a verdict it returns it; where it has none it says so with MR_NEXT, and the
 * next stage goes on with the packet.
 *
 *	#include <millrace/xdp.h>
 *	#include <millrace/stage.h>
 *
 *	MR_STAGE(firewall)
 *	{
 *		if (is_blocked(ctx))
 *			return MR_DROP;
 *		return MR_NEXT;
 *	}
 *
 * A chain is a linked list: each stage has a program array of one entry, `mr_next`, and calls it
 * with a constant index, which the JIT makes a direct jump that the kernel patches when the entry
 * is set. The entry of the last stage holds a program that returns the chain's own verdict. An
 * object may hold several stages: who builds a chain loads each of them with an `mr_next` and an
 * `mr_stage_counters` of its own.
 *
 * A program that calls subprograms (`__noinline`) beside a tail call has 256 bytes of stack a
 * function instead of 512. Kernel 5.5 for the direct jump.
 */

#include <stdbool.h>
#include <millrace/context.h>
#include <millrace/metadata.h>

/*
 * "No verdict: on to the next stage." Not a verdict of any hook, and never what the program
 * returns.
 */
#define MR_NEXT (-0x4d520000)

#ifdef MR_HOOK_XDP
/* to the stack */
#define MR_STAGE_ALONE	       XDP_PASS
#define MR_STAGE_FIRST_VERDICT 0
#else
/* on to the hook's other programs, and the stack after them */
#define MR_STAGE_ALONE	       TC_ACT_UNSPEC
#define MR_STAGE_FIRST_VERDICT TC_ACT_UNSPEC
#endif

/* What the program returns when it has no verdict and there is no next stage. */
const volatile __s32 mr_stage_missed_verdict = MR_STAGE_ALONE;

/* Whether the stage counts. */
const volatile bool mr_stage_counting = true;

/* Whether a stage that counts takes its time as well. */
const volatile bool mr_stage_timing = false;

#define MR_STAGE_VERDICTS 12

/*
 * What a stage has done, a row for each CPU. What it passed on to the next stage is `packets` less
 * the sum of `verdicts` less `missed`.
 */
struct mr_stage_counters {
	/* that came in */
	__u64 packets;
	/* of those, as they came in: the whole frame */
	__u64 bytes;
	/* that the stage's own code took, where mr_stage_timing is set */
	__u64 nanoseconds;
	/*
	 * packets without a verdict that met no next stage: nobody has set one, or the kernel's
	 * limit of 33 tail calls a packet was reached; counted also when mr_stage_counting is not
	 * set
	 */
	__u64 missed;
	/*
	 * packets that the stage decided, by verdict: in XDP by the action's number, in tc by the
	 * action's number plus one (TC_ACT_UNSPEC is 0), the last one for any other
	 */
	__u64 verdicts[MR_STAGE_VERDICTS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} mr_next SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct mr_stage_counters);
} mr_stage_counters SEC(".maps");

/*
 * Defines the program `name`, a stage, in section MR_SECTION. Its body follows, as that of a
 * function which has `mr_ctx *ctx` and returns a verdict or MR_NEXT.
 */
#define MR_STAGE(name)                                                                           \
	static __always_inline int mr_decide_##name(mr_ctx *ctx, struct mr_carried *mr_carried); \
	SEC(MR_SECTION)                                                                          \
	int name(mr_ctx *ctx)                                                                    \
	{                                                                                        \
		struct mr_stage_run run = mr_enter_stage(ctx);                                   \
		struct mr_carried carried;                                                       \
		int verdict;                                                                     \
                                                                                                 \
		mr_carry_nothing(&carried);                                                      \
		verdict = mr_decide_##name(ctx, &carried);                                       \
		mr_take_stage_time(&run);                                                        \
		if (verdict != MR_NEXT)                                                          \
			return mr_leave_stage(&run, verdict);                                    \
		mr_carry_on(ctx, &carried);                                                      \
		return mr_go_on(ctx);                                                            \
	}                                                                                        \
	static __always_inline int mr_decide_##name(mr_ctx *ctx __attribute__((unused)),         \
						    struct mr_carried *mr_carried                \
						    __attribute__((unused)))

/* What MR_STAGE() is made of, from here on. */
struct mr_stage_run {
	/* NULL when the stage does not count */
	struct mr_stage_counters *counters;
	/* nanoseconds, when the stage takes its time */
	__u64 start;
};

static __always_inline struct mr_stage_counters *mr_find_stage_counters(void)
{
	/* Not on the stack, so that the stage need not have one. */
	static const __u32 zero = 0;

	return bpf_map_lookup_elem(&mr_stage_counters, &zero);
}

static __always_inline struct mr_stage_run mr_enter_stage(mr_ctx *ctx)
{
	struct mr_stage_run run = {};

	if (!mr_stage_counting)
		return run;
	run.counters = mr_find_stage_counters();
	if (!run.counters)
		return run;
	run.counters->packets++;
	run.counters->bytes += mr_length(ctx);
	if (mr_stage_timing)
		run.start = bpf_ktime_get_ns();
	return run;
}

static __always_inline void mr_take_stage_time(const struct mr_stage_run *run)
{
	if (run->counters && mr_stage_timing)
		run->counters->nanoseconds += bpf_ktime_get_ns() - run->start;
}

/* The stage has decided. */
static __always_inline int mr_leave_stage(const struct mr_stage_run *run, int verdict)
{
	__u64 index = (__u32)verdict - (__u32)MR_STAGE_FIRST_VERDICT;

	if (run->counters) {
		/* The verifier is to see the comparison in the register that is added below. */
		MR_OPAQUE(index);
		if (index >= MR_STAGE_VERDICTS)
			index = MR_STAGE_VERDICTS - 1;
		run->counters->verdicts[index]++;
	}
	return verdict;
}

/* The stage has not decided: the next one goes on. Returns only when there is none. */
static __always_inline int mr_go_on(mr_ctx *ctx)
{
	struct mr_stage_counters *counters;

	/*
	 * By hand, so that clang can neither merge it with another tail call, which would make it
	 * an indirect jump, nor move what is counted behind it.
	 */
	asm volatile("r1 = %[ctx]\n\t"
		     "r2 = %[next] ll\n\t"
		     "r3 = 0\n\t"
		     "call %[tail_call]"
		     :
		     : [ctx] "r"(ctx), [next] "i"(&mr_next), [tail_call] "i"(BPF_FUNC_tail_call)
		     : "r0", "r1", "r2", "r3", "r4", "r5", "memory");
	counters = mr_find_stage_counters();
	if (counters)
		counters->missed++;
	return mr_stage_missed_verdict;
}

#endif
