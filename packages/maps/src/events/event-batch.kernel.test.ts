import { type LoadedObject, load } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Event, maps as object } from '../../test/generated/maps.bpf.js'
import { type EventBatch, RingBuffer, string } from '../index.js'

let loaded: LoadedObject<typeof object>
let events: RingBuffer<Event>

beforeEach(async () => {
  loaded = await load(object)
  events = loaded.maps.events
})
afterEach(() => loaded.close())

/** As in ring-buffer.kernel.test.ts: 255 wakes nobody. */
function emit(count: number, first = 10): void {
  const data = new Uint8Array(64)
  data.set([first, 0, 0, 1])
  for (let i = 0; i < count; i++) loaded.programs.emit.testRun({ data })
}

const numbers = (batch: Iterable<Readonly<Event>>) => Array.from(batch, ({ sequence }) => Number(sequence))
const upTo = (end: number, start = 0) => Array.from({ length: end - start }, (_, i) => start + i)

function batchOf(buffer: RingBuffer<Event>): EventBatch<Event> {
  const batch = buffer.drainBatch()
  if (batch === undefined) throw new Error('no batch')
  return batch
}

describe('a batch', () => {
  test('holds all that are there, each whole', () => {
    emit(5)
    const batch = batchOf(events)
    expect(batch.length).toBe(5)
    expect(numbers(batch)).toEqual(upTo(5))
    expect(numbers(batch)).toEqual(upTo(5))
    expect(batch.at(4)).toEqual({ sequence: 4n, source: '10.0.0.1', length: 64 })
    expect(batch.at(5)).toBeUndefined()
    expect(() => batch.at(-1)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'index' }))
    expect(batch.bytes(1)?.slice(0, 12)).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1))
    expect(batch.bytes(1)).toHaveLength(16)
    expect(batch.bytes(5)).toBeUndefined()
    expect(events.drainBatch()).toBeUndefined()
  })

  test('reads its fields when they are asked for', () => {
    emit(2)
    const [, second] = batchOf(events)
    expect(second).toMatchObject({ sequence: 1n, source: '10.0.0.1', length: 64 })
    expect(Object.keys(second ?? {})).toEqual([])
    expect(String(JSON.stringify(second?.source))).toBe('"10.0.0.1"')
  })

  test('stays what it is while the ring is written over many times, and when it is closed', () => {
    emit(50)
    const batch = batchOf(events)
    const kept = [...batch]
    for (let round = 0; round < 20; round++) {
      emit(100, 99)
      batchOf(events)
    }
    loaded.close()
    expect(numbers(kept)).toEqual(upTo(50))
    expect(new Set(kept.map(({ source }) => source))).toEqual(new Set(['10.0.0.1']))
    expect(numbers(batch)).toEqual(upTo(50))
  })

  test('begins with what other ways of reading left', async () => {
    emit(6)
    expect(numbers(events.drain(2))).toEqual([0, 1])
    for await (const { sequence } of events.events()) if (sequence === 2n) break
    expect(numbers(batchOf(events))).toEqual([3, 4, 5])
    emit(2)
    expect(numbers(events.drain())).toEqual([6, 7])
  })

  test('with a record that is shorter than the event says so when that is read', () => {
    emit(1)
    const other = RingBuffer.from(events.raw, { event: string(17) })
    const batch = other.drainBatch()
    expect(() => [...(batch ?? [])]).toThrow("a record of 16 bytes is shorter than the event's 17")
    expect(() => batch?.at(0)).toThrow(expect.objectContaining({ code: 'ERR_MAP_OPERATION', map: 'events' }))
    other.close()
  })

  test('is of closed rings an error', () => {
    events.close()
    expect(() => events.drainBatch()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })
})

describe('batches', () => {
  test('come one for each wake-up, what is there already first', async () => {
    emit(3, 255)
    const lengths: number[] = []
    for await (const batch of events.batches()) {
      lengths.push(batch.length)
      if (lengths.length === 1) setTimeout(() => emit(4), 10)
      if (lengths.length === 2) expect(batch.at(0)?.sequence).toBe(3n)
      if (lengths.length === 2) break
    }
    expect(lengths[0]).toBe(3)
  })

  test('end with the reason of the signal, and when the ring is closed', async () => {
    const reason = new Error('enough')
    await expect(events.batches({ signal: AbortSignal.abort(reason) }).next()).rejects.toBe(reason)
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 10)
    await expect(events.batches({ signal: controller.signal }).next()).rejects.toBe(reason)
    setTimeout(() => events.close(), 10)
    expect(await events.batches().next()).toEqual({ value: undefined, done: true })
    await expect(events.batches().next()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(events.batches({ pollInterval: 0 }).next()).rejects.toMatchObject({ code: 'ERR_ARGUMENT' })
  })
})

test.each(['events', 'batches'] as const)('%s that wake nobody are found by who looks for them', async (way) => {
  const next = events[way]({ pollInterval: 5 }).next()
  setTimeout(() => emit(1, 255), 20)
  const { value } = await next
  expect(value).toBeDefined()
})

test('a loop that is slower than the program leaves events in the ring, and the rest is counted', async () => {
  const fitting = Math.floor(4096 / 24)
  emit(1)
  let seen = 0
  for await (const { sequence } of events.events()) {
    if (seen++ === 0) emit(fitting + 10)
    if (Number(sequence) === fitting) break
  }
  expect(seen).toBe(fitting + 1)
  expect(events.overruns()).toBe(10n)
  const counts = events.overrunsPerCpu()
  expect(counts.length).toBeGreaterThan(0)
  expect(counts.reduce((sum, count) => sum + count, 0n)).toBe(10n)
})
