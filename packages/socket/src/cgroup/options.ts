import { ArgumentError } from '@millrace/core'
import { checkBoolean, checkOneOf, checkOptions } from '@millrace/core/internal'
import type { SocketMechanism } from '../mechanism.js'
import { resolveCgroup } from './cgroup.js'
import { checkProgram } from './check-program.js'
import type { CgroupProgram } from './grip.js'
import { type CgroupHook, cgroupHookNames, hookOfSection, hooksOfType } from './hooks.js'
import type { CgroupMode } from './mode.js'
import { type CgroupOrder, type CheckedOrder, checkOrder } from './order.js'
import type { Place } from './place.js'

/** How to attach, wherever that is. */
export interface CgroupPlacement {
  /** who else may have a program there; default `multi` */
  readonly mode?: CgroupMode | undefined
  /** `auto`, the default, is a link with mode `multi`, which links always have, and none with the others */
  readonly mechanism?: SocketMechanism | 'auto' | undefined
  /** where among the others of the same control group; default `last` */
  readonly order?: CgroupOrder | undefined
  /**
   * run before the programs of the control groups below, which otherwise come first; default false. The kernel does not tell it of
   * those that stand there: an anchor must be of the same kind, and what replaces one without a link must be told it again.
   *
   * @kernel 6.15 with mechanism `direct`, 6.17 with a link
   */
  readonly preorder?: boolean | undefined
  /**
   * attach only while the hook is at this revision, as {@link queryCgroup} told it: else {@link RevisionMismatchError}
   *
   * @kernel 6.17
   */
  readonly expectedRevision?: bigint | undefined
}

/** Options of {@link attachCgroup}. */
export interface AttachCgroupOptions<H extends CgroupHook = CgroupHook> extends CgroupPlacement {
  /** needed for a program that was opened and not loaded, and for `SEC("cgroup/skb")`; else its section tells */
  readonly hook?: H | undefined
}

/** What {@link attachCgroup} was asked for, checked. */
export interface AttachRequest {
  readonly program: CgroupProgram
  readonly place: Place
  /** undefined: not asked for */
  readonly mode: CgroupMode | undefined
  readonly mechanism: SocketMechanism | 'auto'
  readonly order: CheckedOrder
  readonly preorder: boolean
  readonly expectedRevision: bigint | undefined
}

const known = [
  'hook',
  'mode',
  'mechanism',
  'order',
  'preorder',
  'expectedRevision',
] as const satisfies readonly (keyof AttachCgroupOptions)[]

export function checkRequest(program: CgroupProgram, cgroup: string, options: AttachCgroupOptions): AttachRequest {
  checkProgram('program', program)
  checkOptions('options', options, known)
  const { mode, mechanism = 'auto', order = 'last', preorder = false, expectedRevision } = options
  const checked = {
    program,
    mode: mode === undefined ? undefined : checkOneOf('options.mode', mode, ['multi', 'override', 'exclusive']),
    mechanism: checkOneOf('options.mechanism', mechanism, ['auto', 'link', 'direct']),
    order: checkOrder('options.order', order),
    preorder: checkBoolean('options.preorder', preorder),
    expectedRevision: checkRevision(expectedRevision),
    place: { hook: hookOf(program, options.hook), cgroup: resolveCgroup(cgroup) },
  }
  if (mechanism === 'link' && mode !== undefined && mode !== 'multi') {
    const expected = "'direct' or 'auto' with this mode: a link always allows others beside it"
    throw new ArgumentError({ argument: 'options.mechanism', value: mechanism, expected })
  }
  return checked
}

/** The hook that is meant: the program's section knows it, or the caller. */
function hookOf(program: CgroupProgram, asked: CgroupHook | undefined): CgroupHook {
  const own = hookOfSection(program.section)
  const [only, ...more] = own === undefined ? hooksOfType(program.type) : [own]
  if (asked === undefined && only !== undefined && more.length === 0) return only
  if (asked === undefined) {
    throw new ArgumentError({
      argument: 'options.hook',
      value: asked,
      expected: `one of ${[only, ...more].join(', ')}: the section of program ${program.name} does not tell which`,
    })
  }
  const hook = checkOneOf('options.hook', asked, cgroupHookNames)
  checkProgram('program', program, hook)
  return hook
}

function checkRevision(value: unknown): bigint | undefined {
  if (value === undefined || (typeof value === 'bigint' && value > 0n && value < 1n << 64n)) return value
  throw new ArgumentError({ argument: 'options.expectedRevision', value, expected: 'a revision, a positive bigint' })
}
