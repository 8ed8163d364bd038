import { ArgumentError, ClosedError, RawMap } from '@millrace/core'
import { errno, explain, nativeBinding } from '@millrace/core/internal'
import type { SockHash, SockMap } from '@millrace/maps'
import { type SockMapHook, sockMapHooks } from './hooks.js'

/** A map of sockets, whatever its keys are. */
export type SocketMap = SockMap | SockHash<unknown>

/** A hook of one map. */
export interface Place<H extends SockMapHook = SockMapHook> {
  readonly map: RawMap
  readonly hook: H
}

/** How errors name it: `sk_skb_stream_verdict of sockmap peers` */
export function target({ map, hook }: Place): string {
  return `${hook} of ${map.type} ${map.name}`
}

export function attachTypeOf({ hook }: Place): number {
  return sockMapHooks[hook].attachType
}

/** The compiler has checked it, for those who use it. */
export function checkSocketMap(map: SocketMap): RawMap {
  const raw: unknown = map?.raw
  if (!(raw instanceof RawMap) || !holdsSockets(raw)) {
    throw new ArgumentError({ argument: 'map', value: map, expected: `a SockMap or SockHash${hintFor(map)}` })
  }
  if (raw.closed) throw new ClosedError({ what: 'map', name: raw.name })
  return raw
}

const holdsSockets = ({ type }: RawMap) => type === 'sockmap' || type === 'sockhash'

/** An object that was loaded without its generated module has such maps, and they look right. */
function hintFor(map: unknown): string {
  if (!(map instanceof RawMap) || !holdsSockets(map)) return ''
  return map.type === 'sockmap' ? ': SockMap.from(map) makes it one' : ': SockHash.from(map, { key }) makes it one'
}

/** The same map by a descriptor of its own: programs are attached for as long as somebody in user space holds it. */
export function duplicate(map: RawMap): RawMap {
  const native = nativeBinding()
  const handle = native.adopt('map', native.descriptor(map.handle))
  if (typeof handle === 'number') return RawMap.fromHandle(handle, { name: map.name })
  if (handle.errno === errno.EBADF) throw new ClosedError({ what: 'map', name: map.name })
  throw explain({ operation: `duplicate the descriptor of map ${map.name}`, errno: handle.errno })
}
