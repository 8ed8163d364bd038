/**
 * Who else may have a program at the same hook. `multi`: others, in this control group and in those below, and all of them run.
 * `override`: nobody in this group, but groups below, whose program then runs in place of this one. `exclusive`: nobody in this
 * group and below it.
 *
 * @example
 * ```ts
 * import type { CgroupMode } from '@millrace/socket'
 *
 * const together: CgroupMode = 'multi'
 * ```
 */
export type CgroupMode = 'multi' | 'override' | 'exclusive'

/** BPF_F_ALLOW_OVERRIDE and BPF_F_ALLOW_MULTI of linux/bpf.h. */
export const modeFlag: Readonly<Record<CgroupMode, number>> = { exclusive: 0, override: 1 << 0, multi: 1 << 1 }

/** The mode of what stands at a hook, by the flags that the kernel tells of it. */
export function modeOf(flags: number): CgroupMode {
  if ((flags & modeFlag.multi) !== 0) return 'multi'
  return (flags & modeFlag.override) !== 0 ? 'override' : 'exclusive'
}

/** BPF_F_REPLACE and its like. */
export const REPLACE = 1 << 2
export const BEFORE = 1 << 3
export const AFTER = 1 << 4
export const PREORDER = 1 << 6
export const ANCHOR_IS_LINK = 1 << 13
