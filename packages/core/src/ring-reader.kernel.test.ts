import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { objectFile } from '../test/support/objects.js'
import { ArgumentError, ClosedError, KernelError } from './errors/index.js'
import { loadSync } from './load/load.js'
import type { LoadedObject } from './load/loaded-object.js'
import { RawMap } from './raw-map.js'
import { RingReader } from './ring-reader.js'

/** The fixture submits a packet without a notification when its first byte is this. */
const quiet = 0xff

let object: LoadedObject
let map: RawMap
beforeEach(() => {
  object = loadSync(objectFile('events'))
  map = object.maps.records as RawMap
})
afterEach(() => object.close())

/** Has the program write one record, a copy of the packet; whether there was room. */
function record(length: number, first: number): boolean {
  return object.programs.record?.testRun({ data: new Uint8Array(length).fill(first) }).returnValue === 2
}

function drained(reader: RingReader, max?: number): number[][] {
  return Array.from({ length: reader.drain(max) }, (_, i) => {
    const bytes = reader.bytes.subarray(reader.offset(i), reader.offset(i) + reader.length(i))
    expect(reader.offset(i) % 8).toBe(0)
    expect(new Set(bytes).size).toBe(1)
    return [bytes.length, bytes[0] ?? -1]
  })
}

describe('drain', () => {
  it('takes all records, whole and in order', () => {
    using reader = RingReader.of(map)
    record(20, 1)
    record(14, 2)
    record(100, 3)
    expect(reader.available).toBe(32 + 24 + 112)
    expect(drained(reader)).toEqual([
      [20, 1],
      [14, 2],
      [100, 3],
    ])
    expect(reader.available).toBe(0)
    expect(drained(reader)).toEqual([])
  })

  it('takes no more than it was asked for', () => {
    using reader = RingReader.of(map)
    for (let i = 1; i <= 5; i++) record(16, i)
    expect(drained(reader, 2)).toEqual([
      [16, 1],
      [16, 2],
    ])
    expect(drained(reader, 0)).toEqual([])
    expect(drained(reader)).toHaveLength(3)
  })

  it('goes on in the next batch when one is full, and grows for a record that is longer', () => {
    using reader = RingReader.of(map, { batchSize: 64 })
    for (let i = 1; i <= 6; i++) record(16, i)
    expect(drained(reader)).toHaveLength(4)
    expect(drained(reader)).toHaveLength(2)
    record(1000, 9)
    expect(drained(reader)).toEqual([[1000, 9]])
    expect(reader.bytes.length).toBe(1024)
  })

  it('keeps up over the end of the ring', () => {
    using reader = RingReader.of(map)
    for (let i = 0; i < 200; i++) {
      expect(record(1000, i % 200)).toBe(true)
      expect(drained(reader)).toEqual([[1000, i % 200]])
    }
  })

  it('leaves the ring to the program when it is full', () => {
    using reader = RingReader.of(map)
    let written = 0
    while (record(1000, 1)) written++
    expect(written).toBe(16)
    expect(drained(reader)).toHaveLength(16)
    expect(record(1000, 1)).toBe(true)
  })
})

describe('take', () => {
  it('gives records in memory of their own', () => {
    using reader = RingReader.of(map, { batchSize: 64 })
    expect(reader.take()).toBeUndefined()
    for (let i = 1; i <= 6; i++) record(16, i)
    const batch = reader.take()
    expect(batch?.records).toBe(4)
    const rest = reader.take()
    expect(rest?.records).toBe(2)
    expect(reader.take()).toBeUndefined()
    // The ring is written over.
    for (let i = 0; i < 30; i++) {
      record(1000, 99)
      expect(reader.take()?.record(0)).toEqual(new Uint8Array(1000).fill(99))
    }
    expect(batch?.record(0)).toEqual(new Uint8Array(16).fill(1))
    expect(batch?.record(3)).toEqual(new Uint8Array(16).fill(4))
    expect(batch?.view.getUint8(batch.index[2] ?? -1)).toBe(2)
    expect(rest?.record(1)).toEqual(new Uint8Array(16).fill(6))
  })

  it('does not end a wait twice for the same records', async () => {
    using reader = RingReader.of(map)
    record(16, 1)
    await reader.wait()
    expect(reader.take()?.records).toBe(1)
    await expect(reader.wait(AbortSignal.timeout(20))).rejects.toMatchObject({ name: 'TimeoutError' })
    reader.close()
    expect(() => reader.take()).toThrow(ClosedError)
  })
})

describe('wait', () => {
  it('is over at once when there are records', async () => {
    using reader = RingReader.of(map)
    record(16, 1)
    await reader.wait()
    expect(drained(reader)).toEqual([[16, 1]])
  })

  it('is over when a record comes', async () => {
    using reader = RingReader.of(map)
    const waits = [reader.wait(), reader.wait()]
    setTimeout(() => record(16, 7), 5)
    await Promise.all(waits)
    expect(drained(reader)).toEqual([[16, 7]])
  })

  it('loses no record and no wake-up between draining and waiting', async () => {
    using reader = RingReader.of(map)
    const count = 500
    let written = 0
    const timer = setInterval(() => {
      for (let i = 0; i < 7 && written < count; i++) if (record(16, written % 200)) written++
    }, 0)
    const seen: number[] = []
    while (seen.length < count) {
      await reader.wait()
      for (const [, value] of drained(reader, 3)) seen.push(value ?? -1)
    }
    clearInterval(timer)
    expect(seen).toEqual(Array.from({ length: count }, (_, i) => i % 200))
  })

  it('finds records that came without a notification', async () => {
    using reader = RingReader.of(map)
    expect(reader.drain()).toBe(0)
    record(16, quiet)
    await reader.wait()
    expect(drained(reader)).toEqual([[16, quiet]])
  })

  it('ends with the reason of its signal', async () => {
    using reader = RingReader.of(map)
    const reason = new Error('enough')
    await expect(reader.wait(AbortSignal.abort(reason))).rejects.toBe(reason)
    const controller = new AbortController()
    const waiting = reader.wait(controller.signal)
    const other = reader.wait()
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    record(16, 1)
    await other
    const again = new AbortController()
    drained(reader)
    const last = reader.wait(again.signal)
    again.abort(reason)
    await expect(last).rejects.toBe(reason)
    record(16, 2)
    await reader.wait()
  })

  it('ends with a ClosedError when the reader is closed', async () => {
    const reader = RingReader.of(map)
    const waiting = reader.wait()
    expect(reader.closed).toBe(false)
    reader.close()
    expect(reader.closed).toBe(true)
    reader.close()
    await expect(waiting).rejects.toThrow(ClosedError)
    await expect(reader.wait()).rejects.toThrow('the ring buffer records was used after it was closed')
    expect(() => reader.drain()).toThrow(ClosedError)
    expect(() => reader.available).toThrow(ClosedError)
  })
})

describe('a reader', () => {
  it('works on when its map is closed', async () => {
    using own = RawMap.openById(map.id)
    using reader = RingReader.of(own)
    own.close()
    record(16, 4)
    await reader.wait()
    expect(drained(reader)).toEqual([[16, 4]])
  })

  it.each([-1, 0.5, Number.NaN])('does not take %d records', (max) => {
    using reader = RingReader.of(map)
    expect(() => reader.drain(max)).toThrow(`max is ${max}, expected an integer`)
  })

  it('wants a ring buffer', () => {
    expect(() => RingReader.of({} as RawMap)).toThrow('map is {}, expected a RawMap')
    using hash = RawMap.create({ type: 'hash', name: 'flows', keySize: 4, valueSize: 4, maxEntries: 1 })
    expect(() => RingReader.of(hash)).toThrow(KernelError)
    expect(() => RingReader.of(hash)).toThrow(/read the ring buffer flows: EINVAL.*a hash map is no ring buffer/)
    expect(() => RingReader.of(map, { batchsize: 1 } as never)).toThrow(/did you mean batchSize/)
    expect(() => RingReader.of(map, { batchSize: 1 })).toThrow(ArgumentError)
    hash.close()
    expect(() => RingReader.of(hash)).toThrow(ClosedError)
  })
})
