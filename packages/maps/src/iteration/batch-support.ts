import type { RawMap } from '@millrace/core'
import { errno } from '@millrace/core/internal'

/** Which operations the kernel does in batches, many entries in one system call; the others are done one by one. */
export interface BatchSupport {
  /** reading entries, as iterations do */
  readonly get: boolean
  readonly set: boolean
  readonly delete: boolean
  /** reading entries and taking them out in one step */
  readonly getAndDelete: boolean
}

/** Asks the running kernel, with batches of nothing. */
export function batchSupport(raw: RawMap): BatchSupport {
  const token = new Uint8Array(Math.max(raw.keySize, 4))
  const none = new Uint8Array(0)
  const count = new Uint32Array(1)
  // Whoever may not do it is refused for that, but by a kernel that could.
  const can = (result: number) => result === 0 || result === -errno.EPERM || result === -errno.ENOENT
  return {
    get: can(raw.lookupBatch(true, token, none, none, count)),
    set: can(raw.updateBatch(none, none, count)),
    delete: can(raw.deleteBatch(none, count)),
    getAndDelete: can(raw.lookupAndDeleteBatch(true, token, none, none, count)),
  }
}
