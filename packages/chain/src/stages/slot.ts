import type { Program, RawMap } from '@millrace/core'
import { errno, mapOperationError, nativeBinding } from '@millrace/core/internal'

const key = new Uint8Array(4)

/** Makes a slot lead to a program, in one step. Returns the positive errno when the kernel does not, 0 when it does. */
export function leadTo(slot: RawMap, program: Program): number {
  const value = new Uint8Array(Uint32Array.of(nativeBinding().descriptor(program.handle)).buffer)
  return -slot.update(key, value)
}

/** Id of the program that a slot leads to; undefined: none. */
export function leadsTo(slot: RawMap): number | undefined {
  const value = new Uint32Array(1)
  const result = slot.lookup(key, new Uint8Array(value.buffer))
  if (result === -errno.ENOENT) return undefined
  if (result < 0) throw mapOperationError(slot, 'get', result)
  return value[0]
}
