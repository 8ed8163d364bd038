import { createHash } from 'node:crypto'
import type { NativeFilter } from '@millrace/core/internal'

/** Tells two states of a hook apart, since the kernel does not count them; never 0, which means none. */
export function revisionOf(filters: readonly NativeFilter[]): bigint {
  const hash = createHash('sha256')
  for (const { priority, handle, protocol, chain, kind, programId, name } of filters) {
    hash.update(`${JSON.stringify([priority, handle, protocol, chain, kind, programId, name])}\n`)
  }
  return hash.digest().readBigUInt64BE() || 1n
}
