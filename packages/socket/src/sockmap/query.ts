import type { AttachedProgram } from '@millrace/core'
import { checkBoolean, checkOptions, describeProgram, findHolders, type Holders } from '@millrace/core/internal'
import { type SockMapHook, sockMapHookNames } from './hooks.js'
import { checkSocketMap, type Place, type SocketMap } from './place.js'
import { linkAt, noQuery, standingAt } from './standing.js'

/** A program that is attached to a map of sockets. */
export interface AttachedSockMap {
  readonly hook: SockMapHook
  readonly program: AttachedProgram
  /** undefined: attached without a link, or this process may not list links */
  readonly linkId: number | undefined
  /**
   * processes that hold its link, or where there is none its program, open; empty when it is only pinned, or nobody needs to hold
   * it. undefined: nobody was found, and this process may not look into all others; or it was not asked for
   */
  readonly pids: readonly number[] | undefined
}

/** Options of {@link querySockMap}. */
export interface QuerySockMapOptions {
  /** whether to look for the processes that hold each, through all of /proc; default true */
  readonly pids?: boolean | undefined
}

/**
 * Which programs are attached to a map of sockets, at most one for each hook. Sockets that were put into the map before may run
 * others.
 *
 * @throws UnsupportedKernelError before Linux 5.18
 * @throws ArgumentError, ClosedError
 * @kernel 5.18
 *
 * @example
 * ```ts
 * import { SockMap } from '@millrace/maps'
 * import { querySockMap } from '@millrace/socket'
 *
 * using peers = SockMap.open('/sys/fs/bpf/peers')
 * for (const { hook, program, linkId, pids } of querySockMap(peers)) console.log(hook, program.name, linkId, pids)
 * ```
 */
export function querySockMap(map: SocketMap, options: QuerySockMapOptions = {}): AttachedSockMap[] {
  const raw = checkSocketMap(map)
  checkOptions('options', options, ['pids'])
  const holders = checkBoolean('options.pids', options.pids ?? true) ? findHolders() : undefined
  return sockMapHookNames.flatMap((hook) => attachedAt({ map: raw, hook }, holders) ?? [])
}

/** The same for one hook. */
export function attachedAt(place: Place, holders?: Holders): AttachedSockMap | undefined {
  const id = standingAt(place)
  if (id === undefined) throw noQuery()
  const program = id === 0 ? undefined : describeProgram(id)
  if (program === undefined) return undefined
  const linkId = linkAt(place)
  const pids = linkId === undefined ? holders?.of('program', id) : holders?.of('link', linkId)
  return { hook: place.hook, program, linkId, pids }
}
