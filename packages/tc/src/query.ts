import { checkBoolean, checkOneOf, checkOptions, findHolders, resolveInterface } from '@millrace/core/internal'
import type { AttachedTc } from './attached.js'
import { describe } from './describe.js'
import type { TcDirection } from './hook.js'
import type { Unavailable } from './mechanism.js'
import { checkPinRoot, DEFAULT_PIN_ROOT } from './pins.js'
import { checkMechanism } from './request.js'
import { type Place, tcSite } from './site.js'

/** Options of {@link queryTc}. */
export interface QueryTcOptions {
  readonly direction: TcDirection
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
  /** `auto`, the default, looks at TCX and at clsact */
  readonly mechanism?: 'auto' | 'tcx' | 'clsact' | undefined
  /** where the pins are that name the links; default `/sys/fs/bpf/millrace`, as with {@link adoptTc} */
  readonly pinRoot?: string | undefined
  /** whether to look for the processes that hold each, through all of /proc; default true */
  readonly pids?: boolean | undefined
}

/** What {@link queryTc} and {@link queryNetkit} found. */
export interface TcState {
  /**
   * for `expectedRevision` when attaching with the same `mechanism`: it changes with every change. With `auto` it is TCX's, and
   * clsact's only where the kernel has no TCX
   */
  readonly revision: bigint
  /** in the order in which they run, those of TCX before those of clsact; foreign ones as well */
  readonly programs: readonly AttachedTc[]
}

const known = ['direction', 'netns', 'mechanism', 'pinRoot', 'pids'] as const satisfies (keyof QueryTcOptions)[]

/**
 * What stands on a hook, whoever put it there.
 *
 * @param iface - name or index
 * @throws ArgumentError when there is no such interface or namespace
 * @throws UnsupportedKernelError when only `tcx` was asked for and the kernel does not have it
 * @throws InterfaceGoneError, MissingCapabilityError
 * @kernel 5.10; TCX: 6.6
 *
 * @example
 * ```ts
 * import { queryTc } from '@millrace/tc'
 *
 * const { revision, programs } = queryTc('lo', { direction: 'ingress' })
 * console.log(`revision ${revision}`)
 * for (const { mechanism, program, filter, name, pids } of programs) {
 *   console.log(mechanism, program?.id, program?.name, filter?.priority, name, pids)
 * }
 * ```
 */
export function queryTc(iface: string | number, options: QueryTcOptions): TcState {
  checkOptions('options', options, known)
  const { direction, netns, pids = true, pinRoot = DEFAULT_PIN_ROOT } = options
  const mechanism = checkMechanism(options.mechanism)
  const root = checkPinRoot(pinRoot)
  checkBoolean('options.pids', pids)
  const side = checkOneOf('options.direction', direction, ['ingress', 'egress'])
  const { places } = tcSite({ direction: side, interface: resolveInterface(iface, netns) }, root)
  return stateOf(
    places.filter((it) => mechanism === 'auto' || it.mechanism === mechanism),
    pids,
  )
}

/** What stands in some places; the revision is of the first that the kernel has. */
export function stateOf(places: readonly Place[], pids: boolean): TcState {
  const lists = places.map((it) => it.list())
  const standing = lists.filter((it) => 'entries' in it)
  const [first] = standing
  if (first === undefined) throw (lists[0] as Unavailable).unavailable
  const entries = standing.flatMap((it) => it.entries)
  return { revision: first.revision, programs: describe(entries, pids ? findHolders() : undefined) }
}
