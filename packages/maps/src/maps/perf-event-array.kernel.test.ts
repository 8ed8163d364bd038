import { stat } from 'node:fs/promises'
import { cpus } from 'node:os'
import { type LoadedObject, load, PerfReader } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { perf as object, type Sample } from '../../test/generated/perf.bpf.js'
import { HashMap, mergeEvents, PerfEventArray, string, u32, u64 } from '../index.js'

const XDP_DROP = 1
const ENOENT = 2

const bpffs = useBpffs()
let loaded: LoadedObject<typeof object>
let samples: PerfEventArray<Sample>

beforeEach(async () => {
  loaded = await load(object)
  samples = loaded.maps.samples
})
afterEach(() => loaded.close())

/** Sends events with that much of the packet, which holds `fill`, behind each; how many were refused. */
function send(count: number, bytes = 0, fill = 7): number {
  const data = new Uint8Array(64).fill(fill)
  data[0] = bytes
  let refused = 0
  for (let i = 0; i < count; i++) if (loaded.programs.sample.testRun({ data }).returnValue === XDP_DROP) refused++
  return refused
}

const sequences = (list: readonly Sample[]) => list.map(({ sequence }) => Number(sequence))
const upTo = (end: number, start = 0) => Array.from({ length: end - start }, (_, i) => start + i)

describe('a perf event array', () => {
  test('has no events from before somebody listens', () => {
    expect(send(2)).toBe(2)
    samples.listen().listen({ bytesPerCpu: 4096 })
    expect(samples.drain()).toEqual([])
    expect(send(3)).toBe(0)
    expect(samples.drain()).toEqual(upTo(3).map((i) => ({ sequence: BigInt(i), length: 64 })))
    expect(samples.drain()).toEqual([])
    expect(samples.lost()).toBe(0n)
  })

  test('has the bytes of the packet behind the event', () => {
    samples.listen()
    send(1, 14, 9)
    send(1, 64, 8)
    send(1)
    const batch = samples.drainBatch()
    expect(batch?.length).toBe(3)
    // 4 bytes above a multiple of 8.
    expect(batch?.bytes(0)).toHaveLength(36)
    expect(batch?.rest(0)?.subarray(0, 14)).toEqual(new Uint8Array(14).fill(9).fill(14, 0, 1))
    expect(batch?.rest(1)?.subarray(0, 64)).toEqual(new Uint8Array(64).fill(8).fill(64, 0, 1))
    expect(batch?.rest(2)).toHaveLength(4)
    expect(batch?.rest(3)).toBeUndefined()
    expect(sequences([...(batch ?? [])])).toEqual([0, 1, 2])
  })

  test('gives the events of all CPUs in the order of their time', () => {
    samples.listen()
    const online = cpus().length
    const ran = upTo(40).map((i) => i % online)
    for (const cpu of ran) expect(loaded.programs.tell.testRun({ cpu }).returnValue).toBe(0)
    const events = samples.drain()
    expect(sequences(events)).toEqual(upTo(40))
    expect(events.map(({ length }) => length)).toEqual(ran)
  })

  test('goes around its rings many times', () => {
    samples.listen({ bytesPerCpu: 4096 })
    for (let round = 0; round < 30; round++) {
      expect(send(40, round)).toBe(0)
      expect(sequences(samples.drain())).toEqual(upTo(40 * (round + 1), 40 * round))
    }
    expect(samples.lost()).toBe(0n)
  })

  test('that is full loses events, and the kernel counts them by CPU', () => {
    samples.listen({ bytesPerCpu: 4096 })
    const cpu = cpus().length - 1
    const tell = () => loaded.programs.tell.testRun({ cpu }).returnValue
    let kept = 0
    while (tell() === 0) kept++
    for (let i = 0; i < 9; i++) expect(tell()).not.toBe(0)
    expect(samples.drain()).toHaveLength(kept)
    // It is told with the next one that has room.
    expect(samples.lost()).toBe(0n)
    expect(tell()).toBe(0)
    expect(samples.drain()).toHaveLength(1)
    expect(samples.lost()).toBe(10n)
    expect(samples.lostPerCpu()).toHaveLength(cpus().length)
    expect(samples.lostPerCpu()[cpu]).toBe(10n)
  })

  test('takes no more than it is asked for', () => {
    samples.listen()
    send(10)
    expect(sequences(samples.drain(4))).toEqual(upTo(4))
    expect(sequences(samples.drain())).toEqual(upTo(10, 4))
  })
})

describe('waiting', () => {
  test('ends when events come, again and again, on any CPU', async () => {
    const events = samples.events()
    for (let i = 0; i < 20; i++) {
      setTimeout(() => loaded.programs.tell.testRun({ cpu: i % cpus().length }), 2)
      const { value } = await events.next()
      expect(value?.sequence).toBe(BigInt(i))
    }
    await events.return()
  })

  test.each([
    ['a timer', (tell: () => void) => setTimeout(tell, 0)],
    ['the end of a turn', (tell: () => void) => setImmediate(tell)],
    ['two turns later', (tell: () => void) => setImmediate(() => setImmediate(tell))],
    ['a promise', (tell: () => void) => Promise.resolve().then(tell)],
  ])('loses no wake-up, when the event comes by %s', async (_, later) => {
    using reader = PerfReader.of(samples.raw)
    for (let i = 0; i < 200; i++) {
      const waiting = reader.wait()
      later(() => loaded.programs.tell.testRun({ cpu: i % cpus().length }))
      await waiting
      expect(reader.take()?.records).toBe(1)
      // Half of the waits begin while descriptors are looked at.
      if (i % 2 === 0) await stat('/')
    }
  })

  test('gives batches', async () => {
    setTimeout(() => send(5), 10)
    let seen = 0
    for await (const batch of samples.batches()) {
      seen += batch.length
      if (seen === 5) break
    }
    expect(seen).toBe(5)
  })

  test('ends with the reason of the signal, and when the map is closed', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    setTimeout(() => controller.abort(reason), 10)
    await expect(samples.events({ signal: controller.signal }).next()).rejects.toBe(reason)
    setTimeout(() => samples.close(), 10)
    expect(await samples.events().next()).toEqual({ value: undefined, done: true })
    await expect(samples.events().next()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    expect(() => samples.lost()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  test('is for several in one loop', async () => {
    using other = await load(object)
    const merged = mergeEvents({ samples, others: other.maps.samples })
    setTimeout(() => other.programs.tell.testRun({}), 10)
    expect(await merged.next()).toMatchObject({ value: { from: 'others', event: { sequence: 0n } } })
    await merged.return()
  })
})

test('the rings are gone when it is closed, and others may have theirs', async () => {
  const second = PerfEventArray.from(samples.raw, { event: u64 })
  samples.listen()
  second.listen()
  send(1)
  // The last one that listens has the rings.
  expect(samples.drain()).toEqual([])
  expect(second.drain()).toEqual([0n])
  const path = `${bpffs.path}/samples`
  samples.pin(path)
  using opened = PerfEventArray.open(path, { event: u32 })
  expect(opened.drain()).toEqual([])
  send(1)
  expect(opened.drain()).toEqual([1])
  opened.close()
  expect(loaded.programs.tell.testRun({}).returnValue | 0).toBe(-ENOENT)
  samples.unpin(path)
  second.close()
})

test('one is made without an object file', () => {
  using own = PerfEventArray.create({ name: 'samples', event: u64 })
  expect(own).toMatchObject({ type: 'perf_event_array', name: 'samples' })
  expect(own.maxEntries).toBeGreaterThanOrEqual(cpus().length)
  expect(own.drain()).toEqual([])
  using one = PerfEventArray.create({ name: 'one', event: u64, maxEntries: 1 })
  expect(one.lostPerCpu()).toEqual([0n])
  expect(() => own.close()).not.toThrow()
  expect(() => own.listen()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
})

test('what is wrong is refused', () => {
  using other = PerfEventArray.create({ name: 'other', event: u64 })
  for (const bytesPerCpu of [0, 5000, 1.5, '4096']) {
    expect(() => other.listen({ bytesPerCpu: bytesPerCpu as number })).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'options.bytesPerCpu' }),
    )
  }
  expect(() => other.listen({ bytes: 1 } as object)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
  expect(() => PerfEventArray.create({ name: 'x', event: 'u64' as never })).toThrow('a codec')
  using hash = HashMap.create({ name: 'hash', key: u32, value: u32, maxEntries: 4 })
  expect(() => PerfEventArray.from(hash.raw, { event: u32 })).toThrow(
    expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }),
  )
  const long = PerfEventArray.from(samples.raw, { event: string(100) })
  long.listen()
  send(1)
  expect(() => long.drain()).toThrow("a record of 20 bytes is shorter than the event's 100")
  expect(long.drain()).toEqual([])
  long.close()
})
