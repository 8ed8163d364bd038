import { setTimeout as delay } from 'node:timers/promises'
import { type LoadedObject, load } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Event, maps as object } from '../../test/generated/maps.bpf.js'
import { HashMap, PerCpuArrayMap, RingBuffer, string, u32, u64 } from '../index.js'

/** Bytes of the ring that an event takes: 16 and a header of 8. */
const RECORD = 24
const RING = 4096
const FITTING = Math.floor(RING / RECORD)
const XDP_DROP = 1

let loaded: LoadedObject<typeof object>
let events: RingBuffer<Event>

beforeEach(async () => {
  loaded = await load(object)
  events = loaded.maps.events
})
afterEach(() => loaded.close())

/**
 * Sends events by running the program; a source that begins with 255 does not wake the reader, one with 254 does so
 * always.
 */
function emit(count: number, source = [10, 0, 0, 1]): number {
  const data = new Uint8Array(64)
  data.set(source)
  let refused = 0
  for (let i = 0; i < count; i++) if (loaded.programs.emit.testRun({ data }).returnValue === XDP_DROP) refused++
  return refused
}

const sequences = (list: readonly Event[]) => list.map(({ sequence }) => Number(sequence))
const upTo = (end: number, start = 0) => Array.from({ length: end - start }, (_, i) => start + i)

describe('drain', () => {
  test('takes what is there, in order, and does not wait', () => {
    expect(events.drain()).toEqual([])
    emit(3)
    expect(events.drain()).toEqual(upTo(3).map((i) => ({ sequence: BigInt(i), source: '10.0.0.1', length: 64 })))
    expect(events.drain()).toEqual([])
  })

  test('takes no more than it is asked for, and loses nothing', () => {
    emit(10)
    expect(sequences(events.drain(4))).toEqual(upTo(4))
    expect(events.drain(0)).toEqual([])
    expect(sequences(events.drain(100))).toEqual(upTo(10, 4))
    for (const max of [-1, 1.5, Number.NaN, '1']) {
      expect(() => events.drain(max as number)).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'max' }),
      )
    }
  })

  test('goes around the ring many times', () => {
    for (let round = 0; round < 20; round++) {
      emit(100)
      expect(sequences(events.drain())).toEqual(upTo(100 * (round + 1), 100 * round))
    }
    expect(events.overruns()).toBe(0n)
  })
})

describe('events', () => {
  test('gives what is there first, also what woke nobody, then what comes', async () => {
    emit(2, [255, 0, 0, 1])
    const seen: number[] = []
    for await (const { sequence, source } of events.events()) {
      seen.push(Number(sequence))
      if (sequence === 1n) {
        expect(source).toBe('255.0.0.1')
        setTimeout(() => emit(2), 20)
      }
      if (sequence === 3n) break
    }
    expect(seen).toEqual([0, 1, 2, 3])
  })

  test('a loop that ends early leaves the rest to the next', async () => {
    emit(10)
    for await (const { sequence } of events.events()) if (sequence === 2n) break
    for await (const { sequence } of events.events()) if (sequence === 4n) break
    expect(sequences(events.drain())).toEqual(upTo(10, 5))
  })

  test('an event that woke nobody comes with the next that forces it', async () => {
    const seen: number[] = []
    setTimeout(() => {
      emit(1, [255, 0, 0, 1])
      setTimeout(() => emit(1, [254, 0, 0, 1]), 50)
    }, 10)
    for await (const { sequence } of events.events()) {
      seen.push(Number(sequence))
      if (sequence === 1n) break
    }
    expect(seen).toEqual([0, 1])
  })

  test.each(['before', 'while'])('ends with the reason of a signal that is aborted %s it waits', async (when) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    if (when === 'before') controller.abort(reason)
    else setTimeout(() => controller.abort(reason), 20)
    await expect(events.events({ signal: controller.signal }).next()).rejects.toBe(reason)
    // Nothing was taken, nothing hangs.
    emit(1)
    expect(sequences(events.drain())).toEqual([0])
  })

  test('ends between two events when the signal is aborted, and keeps the second', async () => {
    const controller = new AbortController()
    emit(3)
    await expect(async () => {
      for await (const _event of events.events({ signal: controller.signal })) controller.abort()
    }).rejects.toMatchObject({ name: 'AbortError' })
    expect(sequences(events.drain())).toEqual([1, 2])
  })

  test.each(['the ring buffer', 'the loaded object'])('ends when %s is closed', async (what) => {
    setTimeout(() => (what === 'the ring buffer' ? events.close() : loaded.close()), 20)
    const seen: Event[] = []
    for await (const event of events.events()) seen.push(event)
    expect(seen).toEqual([])
    await expect(events.events().next()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    expect(() => events.drain()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  test('gives each event to one of two readers', async () => {
    const controller = new AbortController()
    const seen: number[] = []
    const read = async () => {
      for await (const { sequence } of events.events({ signal: controller.signal })) {
        seen.push(Number(sequence))
        await delay(0)
      }
    }
    const readers = [read(), read()]
    await delay(10)
    emit(20)
    while (seen.length < 20) await delay(1)
    controller.abort()
    await Promise.allSettled(readers)
    expect(seen.sort((a, b) => a - b)).toEqual(upTo(20))
  })

  test('a ring that never empties does not keep timers waiting', async () => {
    emit(1)
    await expect(async () => {
      for await (const _event of events.events({ signal: AbortSignal.timeout(50) })) emit(1)
    }).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  test('a misspelt option is refused', async () => {
    await expect(events.events({ singal: undefined } as object).next()).rejects.toThrow('did you mean signal?')
    await expect(events.events({ signal: {} as AbortSignal }).next()).rejects.toThrow('an AbortSignal')
  })
})

describe('a reader that is too slow', () => {
  test('loses the newest, and knows how many', async () => {
    const refused = emit(FITTING + 50)
    expect(refused).toBe(50)
    expect(events.overruns()).toBe(50n)
    expect(sequences(events.drain())).toEqual(upTo(FITTING))
    emit(1)
    expect(sequences(events.drain())).toEqual([FITTING])
    expect(events.overruns()).toBe(50n)
  })

  test('goes on afterwards, in a loop', async () => {
    let seen = 0
    let lost = 0
    emit(1)
    for await (const _event of events.events()) {
      if (seen++ % 100 === 0 && seen < 400) lost += emit(FITTING)
      if (events.overruns() > 0n && seen > 300) break
      if (seen === 1) await delay(5)
    }
    expect(events.overruns()).toBe(BigInt(lost))
    expect(seen).toBeGreaterThan(300)
  })
})

describe('without an object file', () => {
  test('one is made of a size in bytes', () => {
    using ring = RingBuffer.create({ name: 'ring', event: u64, maxEntries: 1 << 16 })
    expect(ring).toMatchObject({ type: 'ringbuf', maxEntries: 1 << 16, name: 'ring' })
    expect(ring.drain()).toEqual([])
    expect(() => ring.overruns()).toThrow(expect.objectContaining({ code: 'ERR_MAP_UNSUPPORTED', map: 'ring' }))
    expect(() => RingBuffer.create({ name: 'ring', event: u64, maxEntries: 5000 })).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'options.maxEntries', value: 5000 }),
    )
    expect(() => RingBuffer.create({ name: 'ring', event: 'u64' as never, maxEntries: 4096 })).toThrow('a codec')
  })

  test('one can be given who counts, and another type of event', () => {
    using overruns = PerCpuArrayMap.create({ name: 'lost', value: u64, maxEntries: 1 })
    overruns.fill(0, 3n)
    const ring = RingBuffer.from(events.raw, { event: u32, overruns })
    emit(1)
    emit(1)
    // A record may be longer than the event that is read of it.
    expect(ring.drain()).toEqual([0, 1])
    expect(ring.overruns()).toBe(3n * BigInt(overruns.cpus))
    ring.close()
    using hash = HashMap.create({ name: 'hash', key: u32, value: u32, maxEntries: 4 })
    expect(() => RingBuffer.from(hash.raw, { event: u32 })).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }),
    )
  })

  test('a record that is shorter than the event is an error, and passed over', () => {
    const ring = RingBuffer.from(events.raw, { event: string(17) })
    emit(1)
    expect(() => ring.drain()).toThrow("a record of 16 bytes is shorter than the event's 17")
    expect(ring.drain()).toEqual([])
    ring.close()
  })
})
