import { errno } from '@millrace/core/internal'

/**
 * Whether the kernel said that it has no such operation for this kind of map: which errno that is has changed with
 * time.
 */
export function isUnsupported(result: number): boolean {
  return result === -errno.ENOTSUPP || result === -errno.EOPNOTSUPP || result === -errno.EINVAL
}
