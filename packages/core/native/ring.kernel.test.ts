import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Handle, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { objectFile } from '../test/support/objects.js'

const native = nativeBinding()
/** A record of 20 bytes with its header, padded. */
const stride = 32
/** The kernel never fills the last byte. */
const capacity = 4096 / stride - 1
const submit = 0
const discard = 1

let opened: Handle[] = []
let program: Handle
let map: Handle
let ring: Handle

beforeEach(() => {
  const object = native.objectOpen(readFileSync(objectFile('native-ring')), 'ring', {})
  if ('errno' in object) throw new Error(object.log)
  const loaded = native.objectLoadSync(object.handle)
  native.close(object.handle)
  if ('errno' in loaded) throw new Error(loaded.log)
  opened = [...Object.values(loaded.maps), ...Object.values(loaded.programs)]
  program = loaded.programs.record ?? 0
  map = loaded.maps.records ?? 0
  const handle = native.ringOpen(map)
  if (typeof handle !== 'number') throw new Error(`no ring: errno ${handle.errno}`)
  ring = handle
  opened.push(ring)
})
afterEach(() => {
  for (const handle of opened) native.close(handle)
})

/** Has the kernel write a record of each fate; returns the program's verdicts. */
function produce(...fates: number[]): number[] {
  return fates.map((fate) => {
    const data = new Uint8Array(64)
    data[0] = fate
    const options = { data, dataOutSize: 0, contextOutSize: 0, repeat: 1, flags: 0, cpu: 0, batchSize: 0 }
    const result = native.programTestRun(program, options)
    if ('errno' in result) throw new Error(`test run: errno ${result.errno}`)
    return result.returnValue
  })
}

/** The numbers of the records that one drain finds, or its error. */
function drain(bytes = 4096, records = 256): number[] | number {
  const out = new Uint8Array(bytes)
  const index = new Uint32Array(2 * records)
  const found = native.ringDrain(ring, out, index)
  if (found < 0) return found
  const view = new DataView(out.buffer)
  return Array.from({ length: found }, (_, record) => {
    expect(index[2 * record]).toBe(24 * record)
    expect(index[2 * record + 1]).toBe(20)
    return view.getUint32(index[2 * record] ?? 0, true)
  })
}

describe('draining', () => {
  it('copies records in order and frees them', () => {
    expect(drain()).toEqual([])
    produce(submit, submit, submit)
    expect(native.ringAvailable(ring)).toBe(3 * stride)
    expect(drain()).toEqual([0, 1, 2])
    expect(native.ringAvailable(ring)).toBe(0)
    expect(drain()).toEqual([])
  })

  it('passes over discarded records', () => {
    produce(discard, submit, discard, discard, submit, discard)
    expect(drain()).toEqual([1, 4])
    expect(native.ringAvailable(ring)).toBe(0)
  })

  it('leaves what does not fit for the next time', () => {
    produce(submit, submit, submit)
    expect(drain(4096, 2)).toEqual([0, 1])
    produce(submit, submit)
    expect(drain(24 + 24 + 19)).toEqual([2, 3])
    expect(drain(20)).toEqual([4])
  })

  it('tells the length of a record that is longer than the buffer', () => {
    produce(submit)
    const index = new Uint32Array(2)
    expect(native.ringDrain(ring, new Uint8Array(19), index)).toBe(-errno.EMSGSIZE)
    expect(index[0]).toBe(20)
    expect(drain()).toEqual([0])
  })

  it('goes round the end many times and loses nothing until the ring is full', () => {
    const expected: number[] = []
    const seen: number[] = []
    for (let round = 0; round < 20; round++) {
      // 100 of 128 places: the end comes at another record each time.
      produce(...new Array<number>(100).fill(submit))
      for (let n = 0; n < 100; n++) expected.push(expected.length)
      seen.push(...(drain() as number[]))
    }
    expect(seen).toEqual(expected)
    const verdicts = produce(...new Array<number>(capacity + 2).fill(submit))
    expect(verdicts.filter((verdict) => verdict === 1).length).toBe(2)
    expect((drain() as number[]).length).toBe(capacity)
  })

  it('refuses buffers of other types', () => {
    produce(submit)
    const wrong = new Uint32Array(64) as unknown as Uint8Array
    expect(native.ringDrain(ring, wrong, new Uint32Array(2))).toBe(-errno.EINVAL)
    expect(native.ringDrain(ring, new Uint8Array(64), new Uint8Array(64) as unknown as Uint32Array)).toBe(-errno.EINVAL)
    expect(native.ringDrain(ring, new Uint8Array(64), new Uint32Array(1))).toBe(-errno.EINVAL)
  })

  it('outlives the map handle', () => {
    native.close(map)
    produce(submit)
    expect(drain()).toEqual([0])
  })
})

describe('waiting', () => {
  const readable = () => new Promise<void>((resolve) => native.ringWait(ring, resolve))

  it('ends when a record comes', async () => {
    const waiting = readable()
    await delay(5)
    produce(submit)
    await waiting
    expect(drain()).toEqual([0])
  })

  it('ends at once when one is there already', async () => {
    produce(submit)
    await readable()
    expect(drain()).toEqual([0])
  })

  it('is over after one call back', async () => {
    let calls = 0
    native.ringWait(ring, () => calls++)
    produce(submit)
    await delay(20)
    produce(submit)
    await delay(20)
    expect(calls).toBe(1)
  })

  it('is for one at a time, until it is stopped', async () => {
    let called = false
    expect(
      native.ringWait(ring, () => {
        called = true
      }),
    ).toBe(0)
    expect(native.ringWait(ring, () => {})).toBe(-errno.EBUSY)
    expect(native.ringStop(ring)).toBe(0)
    expect(native.ringStop(ring)).toBe(0)
    produce(submit)
    await delay(20)
    expect(called).toBe(false)
    await readable()
  })

  it('can wait again, or close, in the call back', async () => {
    produce(submit)
    await new Promise<void>((resolve) => {
      native.ringWait(ring, () => {
        expect(native.ringWait(ring, resolve)).toBe(0)
      })
    })
    await new Promise<void>((resolve) => {
      native.ringWait(ring, () => {
        expect(native.close(ring)).toBe(0)
        resolve()
      })
    })
    expect(native.ringWait(ring, () => {})).toBe(-errno.EBADF)
  })

  it('is given up when the ring is closed', async () => {
    let called = false
    native.ringWait(ring, () => {
      called = true
    })
    native.close(ring)
    produce(submit)
    await delay(20)
    expect(called).toBe(false)
  })

  it('asks for a function', () => {
    expect(native.ringWait(ring, undefined as unknown as () => void)).toBe(-errno.EINVAL)
    expect(native.ringWait(ring, readable)).toBe(0)
  })
})

it('a map of another kind has no ring', () => {
  const other = native.mapCreate(2, 'array', 4, 4, 1, 0) as Handle
  expect(native.ringOpen(other)).toEqual({ errno: errno.EINVAL, log: '' })
  native.close(other)
})
