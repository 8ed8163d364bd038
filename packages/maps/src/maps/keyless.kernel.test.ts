import { load, loadSync } from '@millrace/core'
import { errno } from '@millrace/core/internal'
import { describe, expect, it, test } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { keyless } from '../../test/generated/keyless.bpf.js'
import { BloomFilter, Queue, Stack, struct, u8, u16be, u32, u64 } from '../index.js'

const bpffs = useBpffs()
const Flow = struct({ port: u16be, bytes: u64 })

describe.each([
  { Class: Queue, type: 'queue', taken: [1, 2, 3], kept: [2, 3, 4] },
  { Class: Stack, type: 'stack', taken: [3, 2, 1], kept: [4, 3, 2] },
])('a $type', ({ Class, type, taken, kept }) => {
  const make = (maxEntries = 3) => Class.create({ name: type, value: u32, maxEntries })

  it('gives back what was put in, in its order', () => {
    using line = make()
    expect(line.type).toBe(type)
    expect(line.pop()).toBeUndefined()
    expect(line.peek()).toBeUndefined()
    line.push(1).push(2).push(3)
    expect(line.peek()).toBe(taken[0])
    expect([line.pop(), line.pop(), line.pop(), line.pop()]).toEqual([...taken, undefined])
  })

  it('says when it is full, or drops the oldest', () => {
    using line = make()
    line.push(1).push(2).push(3)
    expect(() => line.push(4)).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_FULL', map: type, operation: 'push', errno: errno.E2BIG }),
    )
    line.push(4, 'drop-oldest')
    expect([...line.drain()]).toEqual(kept)
  })

  it('is drained of no more than it has room for, while it is filled', () => {
    using line = make()
    line.push(1)
    let drained = 0
    for (const _ of line.drain()) {
      drained++
      line.push(9)
    }
    expect(drained).toBe(3)
    expect([...line.drain()]).toEqual([9])
  })

  it('stops where its reader does', () => {
    using line = make()
    line.push(1).push(2)
    for (const value of line.drain()) {
      expect(value).toBe(type === 'queue' ? 1 : 2)
      break
    }
    expect([...line.drain()]).toHaveLength(1)
  })

  it('holds structs, also of odd sizes', () => {
    const flow = { port: 443, bytes: 1n << 40n }
    using flows = Class.create({ name: 'flows', value: Flow, maxEntries: 2 })
    expect(flows.push(flow).pop()).toEqual(flow)
    using bytes = Class.create({ name: 'bytes', value: u8, maxEntries: 300 })
    for (let byte = 0; byte < 256; byte++) bytes.push(byte)
    expect([...bytes.drain()].sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, byte) => byte))
  })

  it('refuses what does not fit, and stays as it is', () => {
    using line = make()
    line.push(1)
    expect(() => line.push(-1)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'value' }))
    expect(() => line.push(1, 'wait' as 'throw')).toThrow(expect.objectContaining({ argument: 'whenFull' }))
    using flows = Class.create({ name: 'flows', value: Flow, maxEntries: 2 })
    const sly = {
      port: 1,
      get bytes(): bigint {
        flows.push({ port: 2, bytes: 2n })
        return 1n
      },
    }
    expect(() => flows.push(sly)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
    expect(flows.peek()).toBeUndefined()
    expect(() => Class.create({ name: 'none', maxEntries: 1 } as never)).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'options.value' }),
    )
    expect([...line.drain()]).toEqual([1])
  })

  it('is closed for good', () => {
    const line = make()
    line.close()
    line.close()
    const closed = expect.objectContaining({ code: 'ERR_CLOSED' })
    for (const use of [() => line.push(1), () => line.pop(), () => line.peek(), () => [...line.drain()]]) {
      expect(use).toThrow(closed)
    }
  })

  it('is opened by a pin, as what it is', () => {
    using line = make()
    line.push(7)
    const path = `${bpffs.path}/${type}`
    line.pin(path)
    using opened = Class.open(path, { value: u32, maxEntries: 3 })
    expect(opened.pop()).toBe(7)
    expect(() => Class.open(path, { value: u64, maxEntries: 4 })).toThrow(
      expect.objectContaining({
        code: 'ERR_MAP_INCOMPATIBLE',
        differences: [
          { field: 'valueSize', pinned: 4, wanted: 8 },
          { field: 'maxEntries', pinned: 3, wanted: 4 },
        ],
      }),
    )
    expect(() => (Class === Queue ? Stack : Queue).from(line.raw, { value: u32 })).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }),
    )
    expect(Class.from(line.raw, { value: u32 }).peek()).toBeUndefined()
  })
})

describe('a bloom filter', () => {
  it('has all that was added, and little else', () => {
    using filter = BloomFilter.create({ name: 'filter', value: u32, maxEntries: 1000, hashes: 7 })
    expect(filter.has(1)).toBe(false)
    for (let number = 0; number < 1000; number++) filter.add(number)
    const numbers = Array.from({ length: 1000 }, (_, number) => number)
    expect(numbers.every((number) => filter.has(number))).toBe(true)
    // About one in a hundred; the seed is the kernel's.
    expect(numbers.filter((number) => filter.has(number + 1_000_000)).length).toBeLessThan(150)
    expect(filter.info().mapExtra).toBe(7n)
  })

  it('takes the number of hash functions from 1 to 15, and of the kernel by default', () => {
    using filter = BloomFilter.create({ name: 'filter', value: u64, maxEntries: 10 })
    expect(filter.add(1n).has(1n)).toBe(true)
    for (const hashes of [0, 16, 1.5]) {
      expect(() => BloomFilter.create({ name: 'filter', value: u32, maxEntries: 10, hashes })).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'options.hashes' }),
      )
    }
  })

  it('is opened by a pin, refuses what does not fit, and is closed for good', () => {
    const filter = BloomFilter.create({ name: 'filter', value: u32, maxEntries: 10 })
    filter.pin(`${bpffs.path}/filter`)
    using opened = BloomFilter.open(`${bpffs.path}/filter`, { value: u32 })
    filter.add(5)
    expect(opened.has(5)).toBe(true)
    expect(BloomFilter.from(opened.raw, { value: u32 }).has(5)).toBe(true)
    expect(() => filter.add(2 ** 32)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'value' }))
    filter.close()
    expect(() => filter.has(5)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    expect(() => filter.add(5)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })
})

describe('of an object file', () => {
  test('maps without keys are shared with programs', async () => {
    using object = await load(keyless)
    const { asked, answered, known } = object.maps
    const answer = () => object.programs.answer.testRun({ data: new Uint8Array(64) }).returnValue
    expect(answer()).toBe(0)
    asked.push(3).push(4).push(5)
    known.add(3).add(5)
    expect([answer(), answer(), answer()]).toEqual([2, 1, 2])
    expect([...answered.drain()]).toEqual([5, 3])
    expect(known.info().mapExtra).toBe(3n)
    expect(asked.peek()).toBeUndefined()
  })

  test('their sizes can be changed', () => {
    using object = loadSync(keyless, { maps: { asked: { maxEntries: 1 } } })
    object.maps.asked.push(1)
    expect(() => object.maps.asked.push(2)).toThrow(expect.objectContaining({ code: 'ERR_MAP_FULL' }))
  })
})
