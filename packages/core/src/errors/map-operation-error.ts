import { errnoName } from '../errno.js'
import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/**
 * What went wrong with a map:
 *
 * - `ERR_MAP_FULL`: no room for another entry (E2BIG, ENOSPC)
 * - `ERR_KEY_EXISTS`: the key is there and the entry was to be new (EEXIST)
 * - `ERR_KEY_MISSING`: the key is not there and the entry was to exist (ENOENT)
 * - `ERR_INDEX_OUT_OF_RANGE`: no such index in an array (E2BIG, ENOENT)
 * - `ERR_MAP_READ_ONLY`: frozen, or made with BPF_F_RDONLY, or opened so (EPERM)
 * - `ERR_MAP_FLAGS`: the kind of map does not know this operation, key or flag (EINVAL)
 * - `ERR_MAP_UNSUPPORTED`: the kind of map does not have this operation in this kernel (ENOTSUPP, EOPNOTSUPP)
 * - `ERR_MAP_MEMORY`: the kernel found no memory for the entry (ENOMEM)
 * - `ERR_MAP_BUSY`: another CPU held the entry (EBUSY); try again
 * - `ERR_MAP_CHANGED`: the map changed faster than it could be read to its end
 * - `ERR_MAP_OPERATION`: any other errno
 */
export type MapErrorCode =
  | 'ERR_MAP_FULL'
  | 'ERR_KEY_EXISTS'
  | 'ERR_KEY_MISSING'
  | 'ERR_INDEX_OUT_OF_RANGE'
  | 'ERR_MAP_READ_ONLY'
  | 'ERR_MAP_FLAGS'
  | 'ERR_MAP_UNSUPPORTED'
  | 'ERR_MAP_MEMORY'
  | 'ERR_MAP_BUSY'
  | 'ERR_MAP_CHANGED'
  | 'ERR_MAP_OPERATION'

/** The fields of a {@link MapOperationError}. */
export interface MapOperationErrorFields {
  readonly code: MapErrorCode
  /** name of the map */
  readonly map: string
  /** `set`, `get`, `delete` ... */
  readonly operation: string
  /** positive, as in errno.h; 0 where no single call failed */
  readonly errno: number
  /** reads on after "map flows, set:" */
  readonly reason: string
}

/**
 * An operation on a map failed; `code` is one of {@link MapErrorCode}.
 *
 * @example
 * ```ts
 * import { MapOperationError } from '@millrace/core'
 * import { HashMap, u32, u64 } from '@millrace/maps'
 *
 * using flows = HashMap.create({ name: 'flows', key: u32, value: u64, maxEntries: 1 })
 * flows.set(1, 1n)
 * try {
 *   flows.set(2, 1n)
 * } catch (error) {
 *   if (error instanceof MapOperationError && error.code === 'ERR_MAP_FULL') console.error('no room for another flow')
 * }
 * ```
 */
export class MapOperationError extends MillraceError {
  static {
    brand(MapOperationError, 'MapOperationError')
  }

  override readonly code: MapErrorCode
  readonly map: string
  readonly operation: string
  readonly errno: number
  readonly errnoName: string

  constructor({ code, map, operation, errno, reason }: MapOperationErrorFields) {
    super(`map ${map}, ${operation}: ${reason}`)
    this.code = code
    this.map = map
    this.operation = operation
    this.errno = errno
    this.errnoName = errno === 0 ? '' : errnoName(errno)
  }
}
