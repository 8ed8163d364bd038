import { expect, test } from 'vitest'
import { errno } from './errno.js'
import { ClosedError } from './errors/index.js'
import { possibleCpus } from './features/system.js'
import { RawMap } from './raw-map.js'

const map = (fields: Partial<Parameters<typeof RawMap.create>[0]> = {}) =>
  RawMap.create({ type: 'hash', name: 'entries', keySize: 5, valueSize: 3, maxEntries: 4, ...fields })

test('an entry is written, read and removed through the buffer', () => {
  using entries = map()
  const buffer = new Uint8Array(entries.entryBuffer())
  expect(buffer).toHaveLength(8 + 3)
  buffer.set([1, 2, 3, 4, 5])
  buffer.set([7, 8, 9], 8)
  expect(entries.replaceEntry()).toBe(-errno.ENOENT)
  expect(entries.createEntry()).toBe(0)
  expect(entries.createEntry()).toBe(-errno.EEXIST)
  expect(entries.replaceEntry()).toBe(0)
  expect(entries.updateEntry()).toBe(0)

  buffer.fill(0, 8)
  expect(entries.lookupEntry()).toBe(0)
  expect([...buffer.subarray(8)]).toEqual([7, 8, 9])
  buffer.fill(0, 8)
  expect(entries.lookupAndDeleteEntry()).toBe(0)
  expect([...buffer.subarray(8)]).toEqual([7, 8, 9])
  expect(entries.lookupEntry()).toBe(-errno.ENOENT)
  expect(entries.deleteEntry()).toBe(-errno.ENOENT)
})

test('a per-CPU map has room for the values of all possible CPUs', () => {
  using entries = map({ type: 'percpu_hash' })
  expect(entries.entryBuffer().byteLength).toBe(8 + 8 * possibleCpus())
})

test('the buffer is the same at every call, and outlives the map', () => {
  const entries = map()
  const first = new Uint8Array(entries.entryBuffer())
  const second = new Uint8Array(entries.entryBuffer())
  first[0] = 42
  expect(second[0]).toBe(42)
  entries.close()
  first[10] = 7
  expect(second[10]).toBe(7)
  expect(entries.lookupEntry()).toBe(-errno.EBADF)
  expect(() => entries.entryBuffer()).toThrow(ClosedError)
})

test('without a buffer there is no entry', () => {
  using entries = map()
  expect(entries.lookupEntry()).toBe(-errno.EINVAL)
})
