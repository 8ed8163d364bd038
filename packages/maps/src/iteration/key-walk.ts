import type { RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import type { Batch } from './entry-buffers.js'
import { withoutRepeats } from './without-repeats.js'

/** All entries, one by one: two system calls each. An entry that goes away between the two is left out. */
export function* walkKeys(raw: RawMap): Generator<Batch, void, undefined> {
  const values = new Uint8Array(raw.valueBufferSize)
  for (const keys of nextKeys(raw)) {
    const found = raw.lookup(keys, values)
    if (found === 0) yield { keys, values, count: 1 }
    else if (found !== -errno.ENOENT) throw mapOperationError(raw, 'read entries', found)
  }
}

/** All keys, each once, without their values. */
export function* walkKeysAlone(raw: RawMap): Generator<Uint8Array, void, undefined> {
  for (const { keys } of withoutRepeats(raw, keyBatches(raw), 'retry')) yield keys
}

function* keyBatches(raw: RawMap): Generator<Batch, void, undefined> {
  const values = new Uint8Array(0)
  for (const keys of nextKeys(raw)) yield { keys, values, count: 1 }
}

/**
 * One key after another. Each is asked for before the one in front of it is given, so that the kernel does not lose its place when
 * that is deleted, as by a loop that clears up.
 */
function* nextKeys(raw: RawMap): Generator<Uint8Array, void, undefined> {
  let key = keyAfter(raw, null)
  while (key !== undefined) {
    const following = keyAfter(raw, key)
    yield key
    key = following
  }
}

function keyAfter(raw: RawMap, key: Uint8Array | null): Uint8Array | undefined {
  const next = new Uint8Array(raw.keySize)
  const result = raw.nextKey(key, next)
  if (result === 0) return next
  if (result === -errno.ENOENT) return undefined
  throw mapOperationError(raw, 'read entries', result)
}
