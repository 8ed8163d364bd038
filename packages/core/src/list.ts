import { type Handle, nativeBinding, type ObjectKind } from './binding.js'
import { needsToInspect } from './capabilities.js'
import { errno } from './errno.js'
import { explain } from './explain.js'
import { type LinkInfo, readLinkInfo } from './link-info.js'
import { type MapInfo, readMapInfo } from './map-info.js'
import { type ProgramInfo, readProgramInfo } from './program-info.js'

/**
 * All programs of the system, in the order of their ids.
 *
 * @throws MissingCapabilityError
 *
 * @example
 * ```ts
 * import { listPrograms } from '@millrace/core'
 *
 * for (const { id, type, name, tag } of listPrograms()) console.log(id, type, name, tag)
 * ```
 */
export function listPrograms(): ProgramInfo[] {
  return list('program', readProgramInfo)
}

/**
 * All maps of the system, in the order of their ids.
 *
 * @throws MissingCapabilityError
 *
 * @example
 * ```ts
 * import { listMaps } from '@millrace/core'
 *
 * for (const { id, type, name, maxEntries } of listMaps()) console.log(id, type, name, maxEntries)
 * ```
 */
export function listMaps(): MapInfo[] {
  return list('map', readMapInfo)
}

/**
 * All links of the system, in the order of their ids.
 *
 * @kernel 5.8
 * @throws MissingCapabilityError
 *
 * @example
 * ```ts
 * import { listLinks } from '@millrace/core'
 *
 * for (const { id, type, programId } of listLinks()) console.log(id, type, programId)
 * ```
 */
export function listLinks(): LinkInfo[] {
  return list('link', readLinkInfo)
}

function list<I>(kind: ObjectKind, read: (handle: Handle) => I): I[] {
  const native = nativeBinding()
  const found: I[] = []
  let id = native.nextId(kind, 0)
  for (; id > 0; id = native.nextId(kind, id)) {
    const handle = native.openById(kind, id)
    if (typeof handle !== 'number') {
      // It went between the two calls, and the next one will still be found; or it is a link that is still being made.
      if (handle.errno === errno.ENOENT || handle.errno === errno.EAGAIN) continue
      throw explain({ operation: `open ${kind} ${id}`, errno: handle.errno, needs: needsToInspect })
    }
    try {
      found.push(read(handle))
    } finally {
      native.close(handle)
    }
  }
  if (id !== -errno.ENOENT) throw explain({ operation: `list the ${kind}s`, errno: id, needs: needsToInspect })
  return found
}
