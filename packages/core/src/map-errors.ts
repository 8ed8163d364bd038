import { nativeBinding } from './binding.js'
import { needsBpf } from './capabilities.js'
import { errno as E, errnoName, errnoText } from './errno.js'
import {
  ClosedError,
  type MapErrorCode,
  MapOperationError,
  type MillraceError,
  UnsupportedKernelError,
} from './errors/index.js'
import { explain, lockedMemoryHint } from './explain.js'
import { isLacking, mapTypeSince } from './features/versions.js'
import { runningKernel } from './kernel-version.js'
import { type MapType, mapTypes } from './map-type.js'

/** Maps whose keys are indexes: E2BIG there means a wrong index, elsewhere a full map. */
const indexed: ReadonlySet<MapType> = new Set([
  'array',
  'percpu_array',
  'prog_array',
  'perf_event_array',
  'cgroup_array',
  'array_of_maps',
  'devmap',
  'cpumap',
  'xskmap',
  'sockmap',
  'reuseport_sockarray',
])

/**
 * The error for what a hot call of the binding returned.
 *
 * @param operation - in the caller's words: `set`, `get`, `delete`
 * @param errno - of either sign
 */
export function mapOperationError(
  map: { readonly name: string; readonly type: MapType },
  operation: string,
  errno: number,
): MillraceError {
  const positive = Math.abs(errno)
  if (positive === E.EBADF) return new ClosedError({ what: 'map', name: map.name })
  const [code, reason] = operation === 'freeze' ? describeFreeze(positive) : describe(map.type, positive)
  return new MapOperationError({
    code,
    map: map.name,
    operation,
    errno: positive,
    reason: `${reason} (${errnoName(positive)})`,
  })
}

function describeFreeze(errno: number): [MapErrorCode, string] {
  if (errno === E.EBUSY) return ['ERR_MAP_BUSY', 'the map is frozen already, or mapped writably into memory']
  if (errno === E.EPERM) return ['ERR_MAP_READ_ONLY', 'the map was opened read-only, or is frozen already']
  return ['ERR_MAP_UNSUPPORTED', 'maps of this type, or whose values hold locks or timers, cannot be frozen']
}

function describe(type: MapType, errno: number): [MapErrorCode, string] {
  switch (errno) {
    case E.E2BIG:
    case E.ENOSPC:
      if (indexed.has(type)) return ['ERR_INDEX_OUT_OF_RANGE', 'the index is not below the number of entries']
      return ['ERR_MAP_FULL', 'the map is full, it holds all the entries that it was made for']
    case E.EEXIST:
      return ['ERR_KEY_EXISTS', 'the key is there already']
    case E.ENOENT:
      if (type === 'array' || type === 'percpu_array') {
        return ['ERR_INDEX_OUT_OF_RANGE', 'the index is not below the number of entries']
      }
      return ['ERR_KEY_MISSING', 'the key is not there']
    case E.EPERM:
      return ['ERR_MAP_READ_ONLY', 'the map does not allow it: it is frozen, or made or opened read-only or write-only']
    case E.EINVAL:
      return ['ERR_MAP_FLAGS', `a ${type} map does not take this operation, key, value or flag`]
    case E.ENOTSUPP:
    case E.EOPNOTSUPP:
      return ['ERR_MAP_UNSUPPORTED', `a ${type} map does not have this operation in the running kernel`]
    case E.ENOMEM:
      return ['ERR_MAP_MEMORY', 'the kernel found no memory for it']
    case E.EBUSY:
      return ['ERR_MAP_BUSY', 'the entry was held by another CPU, try again']
    default:
      return ['ERR_MAP_OPERATION', errnoText(errno)]
  }
}

/** Maps of devices and sockets. */
const networkMaps: ReadonlySet<MapType> = new Set(['devmap', 'devmap_hash', 'xskmap', 'sockmap', 'sockhash'])
const needsNetwork = ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN'] as const

/** A map that was to be made; `type` as in enum bpf_map_type. */
interface MapToCreate {
  readonly name: string
  readonly type: number
  readonly keySize: number
  readonly valueSize: number
  readonly maxEntries: number
}

/** The error for a map that the kernel did not make. */
export function mapCreateError(map: MapToCreate, errno: number, log = ''): MillraceError {
  const type = mapTypes.nameOf(map.type)
  const positive = Math.abs(errno)
  const needed = mapTypeSince(type)
  if (positive === E.EINVAL && isLacking(nativeBinding().probeMapType(map.type), needed)) {
    return new UnsupportedKernelError({
      feature: `map type ${type} (map ${map.name})`,
      needed,
      running: runningKernel(),
    })
  }
  const operation = `create the ${type} map ${map.name}`
  const needs = networkMaps.has(type) ? [...needsBpf, needsNetwork] : needsBpf
  return explain({ operation, errno: positive, needs, hint: createHint(type, map, positive), log })
}

function createHint(type: MapType, { keySize, valueSize, maxEntries }: MapToCreate, errno: number): string | undefined {
  const sizes = `${keySize} bytes a key, ${valueSize} bytes a value and ${maxEntries} entries`
  if (errno === E.EPERM) return lockedMemoryHint()
  if (errno === E.EINVAL) return `a ${type} map cannot have ${sizes}, or not with these flags`
  if (errno === E.ENOMEM) return `the kernel has no memory for ${sizes}`
  return errno === E.E2BIG ? `${sizes} are more than it may have` : undefined
}
