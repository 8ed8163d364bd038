import { AttachBusyError, PinError } from '@millrace/core'
import { checkOptions, findHolders } from '@millrace/core/internal'
import type { XdpActionName } from '@millrace/xdp'
import { attachedSet } from './dispatcher.js'
import { goOnNames } from './go-on.js'
import { onHook, type SharedXdpMode } from './hook.js'
import { type Place, type PlaceOptions, placeOptions, resolvePlace } from './place.js'
import { slotRecords } from './records.js'

/** A program among others on an interface. */
export interface SharedProgram {
  readonly id: number
  /** of its C function */
  readonly name: string
  /** hash over its instructions, 16 hexadecimal digits */
  readonly tag: string
  /** programs of lower priority run first */
  readonly priority: number
  /** the verdicts after which the next program runs */
  readonly goOn: readonly XdpActionName[]
  /** whether it was written for packets in several buffers; they come only when all programs were */
  readonly frags: boolean
  /** who put it there: `other` is libxdp, or whoever else speaks its protocol */
  readonly owner: 'millrace' | 'other'
  /** name of its slot; undefined: it has none, or is not Millrace's */
  readonly slot: string | undefined
  /**
   * processes that hold it open, among them the owner of a slot; empty: only its pins keep it. undefined: this process may not look into
   * others (CAP_SYS_PTRACE)
   */
  readonly pids: readonly number[] | undefined
}

/** What an interface has that several programs share. */
export interface DispatcherState {
  readonly mode: SharedXdpMode
  /** id of the dispatcher: what `queryXdp` finds */
  readonly id: number
  /** in the order in which they run */
  readonly programs: readonly SharedProgram[]
}

/** Options of {@link queryDispatcher}. */
export type QueryDispatcherOptions = PlaceOptions

/**
 * The programs that share an interface, in the order in which they run; undefined: there is no dispatcher. What else may be there
 * `queryXdp` of `@millrace/xdp` tells.
 *
 * @throws ArgumentError when there is no such interface or namespace
 * @throws DispatcherVersionError when it is of another version of libxdp's protocol
 * @throws PinError when there is no bpf filesystem, or the pins of the dispatcher are elsewhere
 * @throws MissingCapabilityError without CAP_SYS_ADMIN
 * @kernel 5.10
 *
 * @example
 * ```ts
 * import { queryDispatcher } from '@millrace/dispatcher'
 *
 * for (const { priority, name, goOn, owner, pids } of queryDispatcher('eth0')?.programs ?? []) {
 *   console.log(priority, name, goOn.join(), owner, pids)
 * }
 * ```
 */
export function queryDispatcher(
  iface: string | number,
  options: QueryDispatcherOptions = {},
): DispatcherState | undefined {
  checkOptions('options', options, placeOptions)
  return programsOn(resolvePlace(iface, options))
}

/** The same for a place that was found before. */
export function programsOn(place: Place): DispatcherState | undefined {
  for (;;) {
    const id = onHook(place)?.programId
    try {
      return read(place)
    } catch (error) {
      if (error instanceof AttachBusyError) return undefined
      // Its pins go when another takes its place.
      if (!(error instanceof PinError) || onHook(place)?.programId === id) throw error
    }
  }
}

function read(place: Place): DispatcherState | undefined {
  using set = attachedSet(place)
  if (set === undefined) return undefined
  const { id: dispatcherId } = set.dispatcher
  const records = slotRecords(place).filter(({ ifindex }) => ifindex === place.iface.index)
  const held = set.members.map((member) => ({ member, record: records.find((it) => it.programId === member.id) }))
  // Closed first, so that it is not this process that holds them.
  set[Symbol.dispose]()
  const holders = findHolders()
  return {
    mode: set.mode,
    id: dispatcherId,
    programs: held.map(({ member: { id, name, tag, priority, goOn, frags }, record }) => ({
      id,
      name,
      tag,
      priority,
      goOn: goOnNames(goOn),
      frags,
      owner: record === undefined ? 'other' : 'millrace',
      slot: record?.name,
      pids: holders.of('program', id),
    })),
  }
}
