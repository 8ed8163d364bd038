import { afterEach, describe, expect, it } from 'vitest'
import { type Handle, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'

const native = nativeBinding()
const type = { hash: 1, array: 2, progArray: 3, perCpuHash: 5, perCpuArray: 6, lpmTrie: 11, queue: 22 } as const
const open: Handle[] = []

function create(kind: number, keySize: number, valueSize: number, maxEntries = 8, flags = 0): Handle {
  const handle = native.mapCreate(kind, 'buffers', keySize, valueSize, maxEntries, flags)
  if (typeof handle !== 'number') throw new Error(`no map: errno ${handle.errno} ${handle.log}`)
  open.push(handle)
  return handle
}
afterEach(() => {
  for (const handle of open.splice(0)) native.close(handle)
})

const bytes = (length: number) => new Uint8Array(length)
const EINVAL = -errno.EINVAL

describe('buffers of one entry', () => {
  it('may be longer than the map asks, never shorter', () => {
    const map = create(type.hash, 8, 24)
    expect(native.mapUpdate(map, bytes(8), bytes(24), 0)).toBe(0)
    expect(native.mapLookup(map, bytes(9), bytes(25), 0)).toBe(0)
    expect(native.mapUpdate(map, bytes(7), bytes(24), 0)).toBe(EINVAL)
    expect(native.mapUpdate(map, bytes(8), bytes(23), 0)).toBe(EINVAL)
    expect(native.mapLookup(map, bytes(7), bytes(24), 0)).toBe(EINVAL)
    expect(native.mapLookup(map, bytes(8), bytes(23), 0)).toBe(EINVAL)
    expect(native.mapLookupAndDelete(map, bytes(8), bytes(23), 0)).toBe(EINVAL)
    expect(native.mapDelete(map, bytes(7))).toBe(EINVAL)
    expect(native.mapNextKey(map, bytes(7), bytes(8))).toBe(EINVAL)
    expect(native.mapNextKey(map, bytes(8), bytes(7))).toBe(EINVAL)
    expect(native.mapNextKey(map, null, bytes(7))).toBe(EINVAL)
  })

  it('hold the values of all possible CPUs, each rounded up to 8 bytes', () => {
    const cpus = native.possibleCpus()
    for (const kind of [type.perCpuArray, type.perCpuHash]) {
      const map = create(kind, 4, 12)
      const value = bytes(16 * cpus)
      for (let cpu = 0; cpu < cpus; cpu++) value[16 * cpu] = cpu + 1
      expect(native.mapUpdate(map, bytes(4), value, 0)).toBe(0)
      const out = bytes(16 * cpus)
      expect(native.mapLookup(map, bytes(4), out, 0)).toBe(0)
      expect(out).toEqual(value)
      expect(native.mapLookup(map, bytes(4), bytes(16 * cpus - 1), 0)).toBe(EINVAL)
      expect(native.mapUpdate(map, bytes(4), bytes(12), 0)).toBe(EINVAL)
    }
  })

  it('hold a descriptor for maps of programs', () => {
    const map = create(type.progArray, 4, 4)
    expect(native.mapUpdate(map, bytes(4), bytes(3), 0)).toBe(EINVAL)
    expect(native.mapLookup(map, bytes(4), bytes(4), 0)).toBe(-errno.ENOENT)
  })

  it('are no keys for a queue, and only for it', () => {
    const queue = create(type.queue, 0, 8)
    expect(native.mapUpdate(queue, null, bytes(8).fill(5), 0)).toBe(0)
    expect(native.mapUpdate(queue, bytes(4), bytes(8), 0)).toBe(EINVAL)
    const out = bytes(8)
    expect(native.mapLookupAndDelete(queue, null, out, 0)).toBe(0)
    expect(out).toEqual(bytes(8).fill(5))
    expect(native.mapLookup(create(type.hash, 4, 8), null, bytes(8), 0)).toBe(EINVAL)
  })

  it('are bytes and nothing else', () => {
    const map = create(type.hash, 4, 8)
    const strange: unknown[] = [
      undefined,
      null,
      7,
      'text',
      {},
      [0, 0, 0, 0, 0, 0, 0, 0],
      new DataView(new ArrayBuffer(8)),
      new ArrayBuffer(8),
      new Uint32Array(8),
    ]
    for (const value of strange as Uint8Array[]) {
      expect(native.mapUpdate(map, value, bytes(8), 0)).toBe(EINVAL)
      expect(native.mapLookup(map, bytes(4), value, 0)).toBe(EINVAL)
      expect(native.mapDelete(map, value)).toBe(EINVAL)
      expect(native.mapNextKey(map, null, value)).toBe(EINVAL)
    }
    expect(native.mapUpdate(map, Buffer.alloc(4), Buffer.alloc(8), 0)).toBe(0)
    expect(native.mapLookup(map, bytes(4), bytes(8), 'x' as unknown as number)).toBe(EINVAL)
  })

  it('that were transferred away are empty', () => {
    const map = create(type.hash, 4, 8)
    const gone = bytes(8)
    structuredClone(gone, { transfer: [gone.buffer] })
    expect(native.mapLookup(map, bytes(4), gone, 0)).toBe(EINVAL)
  })
})

describe('buffers of a batch', () => {
  const count = (value: number) => new Uint32Array([value])

  it('have room for as many entries as are asked for', () => {
    const map = create(type.hash, 4, 8, 64)
    expect(native.mapUpdateBatch(map, bytes(4 * 10), bytes(8 * 9), count(10), 0)).toBe(EINVAL)
    expect(native.mapUpdateBatch(map, bytes(4 * 9), bytes(8 * 10), count(10), 0)).toBe(EINVAL)
    const keys = new Uint8Array(new Uint32Array(10).map((_, index) => index).buffer)
    expect(native.mapUpdateBatch(map, keys, bytes(8 * 10), count(10), 0)).toBe(0)
    const lookup = (token: number, keysLength: number, valuesLength: number, wanted: number) =>
      native.mapLookupBatch(map, true, bytes(token), bytes(keysLength), bytes(valuesLength), count(wanted), 0)
    expect(lookup(4, 4 * 63, 8 * 64, 64)).toBe(EINVAL)
    expect(lookup(4, 4 * 64, 8 * 63, 64)).toBe(EINVAL)
    expect(lookup(3, 4 * 64, 8 * 64, 64)).toBe(EINVAL)
    expect(lookup(4, 4, 8, 2 ** 32 - 1)).toBe(EINVAL)
    expect(lookup(4, 4 * 64, 8 * 64, 64)).toBe(-errno.ENOENT)
    expect(native.mapDeleteBatch(map, bytes(4 * 9), count(10), 0)).toBe(EINVAL)
  })

  it('count their entries, the last batch too', () => {
    const map = create(type.hash, 4, 8, 64)
    const keys = new Uint8Array(new Uint32Array(10).map((_, index) => index).buffer)
    expect(native.mapUpdateBatch(map, keys, bytes(80), count(10), 0)).toBe(0)
    const token = bytes(4)
    const found = count(64)
    expect(native.mapLookupAndDeleteBatch(map, true, token, bytes(256), bytes(512), found, 0)).toBe(-errno.ENOENT)
    expect(found[0]).toBe(10)
    expect(native.mapNextKey(map, null, bytes(4))).toBe(-errno.ENOENT)
  })

  it('have a token of 4 bytes where keys are shorter', () => {
    const map = create(type.hash, 1, 1, 8)
    expect(native.mapLookupBatch(map, true, bytes(3), bytes(8), bytes(8), count(8), 0)).toBe(EINVAL)
    expect(native.mapLookupBatch(map, true, bytes(4), bytes(8), bytes(8), count(8), 0)).toBe(-errno.ENOENT)
  })

  it('count in 32 bits', () => {
    const map = create(type.hash, 4, 8)
    for (const wrong of [bytes(4), new Uint16Array(2), new Uint32Array(0), null] as unknown as Uint32Array[]) {
      expect(native.mapUpdateBatch(map, bytes(4), bytes(8), wrong, 0)).toBe(EINVAL)
      expect(native.mapDeleteBatch(map, bytes(4), wrong, 0)).toBe(EINVAL)
      expect(native.mapLookupBatch(map, true, bytes(4), bytes(4), bytes(8), wrong, 0)).toBe(EINVAL)
    }
  })

  it('hold the values of all possible CPUs', () => {
    const cpus = native.possibleCpus()
    const map = create(type.perCpuArray, 4, 4, 4)
    const lookup = (values: number) => native.mapLookupBatch(map, true, bytes(4), bytes(16), bytes(values), count(4), 0)
    expect(lookup(4 * 8 * cpus - 1)).toBe(EINVAL)
    expect([0, -errno.ENOENT]).toContain(lookup(4 * 8 * cpus))
  })
})
