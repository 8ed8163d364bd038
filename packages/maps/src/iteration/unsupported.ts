import { type RawMap, UnsupportedKernelError } from '@millrace/core'
import { errno, runningKernel } from '@millrace/core/internal'

/**
 * Whether the kernel said that it has no such operation for this kind of map: which errno that is has changed with
 * time.
 */
export function isUnsupported(result: number): boolean {
  return result === -errno.ENOTSUPP || result === -errno.EOPNOTSUPP || result === -errno.EINVAL
}

/** A kernel that cannot read and remove an entry in one step is not helped out by two. */
export function getAndDeleteUnsupported(raw: RawMap, operation: string): UnsupportedKernelError {
  return new UnsupportedKernelError({
    feature: `${operation} of a ${raw.type} map`,
    needed: '5.14',
    running: runningKernel(),
    hint: 'use get and delete where nothing else writes to the map',
  })
}
