import type { AttachedProgram } from '@millrace/core'
import { describeProgram } from '@millrace/core/internal'
import { type SockMapHook, sockMapHookNames } from './hooks.js'
import { checkSocketMap, type Place, type SocketMap } from './place.js'
import { linkAt, noQuery, standingAt } from './standing.js'

/** A program that is attached to a map of sockets. */
export interface AttachedSockMap {
  readonly hook: SockMapHook
  readonly program: AttachedProgram
  /** undefined: attached without a link, or this process may not list links */
  readonly linkId: number | undefined
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
 * for (const { hook, program, linkId } of querySockMap(peers)) console.log(hook, program.id, program.name, linkId)
 * ```
 */
export function querySockMap(map: SocketMap): AttachedSockMap[] {
  const raw = checkSocketMap(map)
  return sockMapHookNames.flatMap((hook) => attachedAt({ map: raw, hook }) ?? [])
}

/** The same for one hook. */
export function attachedAt(place: Place): AttachedSockMap | undefined {
  const id = standingAt(place)
  if (id === undefined) throw noQuery()
  const program = id === 0 ? undefined : describeProgram(id)
  return program && { hook: place.hook, program, linkId: linkAt(place) }
}
