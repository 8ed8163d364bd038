import { type LoadedObject, load } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { type Event, maps as object } from '../../test/generated/maps.bpf.js'
import { HashMap, mergeEvents, RingBuffer, u32 } from '../index.js'

let left: LoadedObject<typeof object>
let right: LoadedObject<typeof object>

beforeEach(async () => {
  left = await load(object)
  right = await load(object)
})
afterEach(() => {
  left.close()
  right.close()
})

function emit(to: LoadedObject<typeof object>, count: number): void {
  for (let i = 0; i < count; i++) to.programs.emit.testRun({ data: new Uint8Array(64).fill(1) })
}
const buffers = () => ({ left: left.maps.events, right: right.maps.events })

describe('several buffers in one loop', () => {
  test('give events by turns and in order, each under the name of its buffer', async () => {
    emit(left, 3)
    emit(right, 2)
    const seen: string[] = []
    for await (const { from, event } of mergeEvents(buffers())) {
      expectTypeOf(from).toEqualTypeOf<'left' | 'right'>()
      expectTypeOf(event).toEqualTypeOf<Event>()
      seen.push(`${from} ${event.sequence}`)
      if (seen.length === 5) break
    }
    expect(seen).toEqual(['left 0', 'left 1', 'left 2', 'right 0', 'right 1'])
  })

  test('are waited for at once', async () => {
    const events = mergeEvents(buffers())
    for (const side of [right, left, right]) {
      setTimeout(() => emit(side, 1), 10)
      const { value } = await events.next()
      expect(value?.from).toBe(side === left ? 'left' : 'right')
    }
    await events.return()
    // The loop has taken nothing that it did not give.
    emit(left, 1)
    expect(left.maps.events.drain()).toHaveLength(1)
  })

  test('a flood in one keeps nobody waiting', async () => {
    using large = RingBuffer.from(left.maps.events.raw, { event: u32 })
    emit(left, 160)
    let behind = 0
    for await (const { from } of mergeEvents({ large, right: right.maps.events })) {
      if (from === 'right') break
      // It is never empty; the other gets its event after the first one.
      if (behind++ === 0) emit(right, 1)
      emit(left, 1)
    }
    expect(behind).toBeLessThanOrEqual(512)
  })

  test('a loop that ends early leaves the rest', async () => {
    emit(left, 5)
    emit(right, 5)
    for await (const { event } of mergeEvents(buffers())) if (event.sequence === 2n) break
    expect(left.maps.events.drain().map(({ sequence }) => sequence)).toEqual([3n, 4n])
    expect(right.maps.events.drain()).toHaveLength(5)
  })

  test('one that is closed has no more, and the last one ends the loop', async () => {
    const events = mergeEvents(buffers())
    setTimeout(() => {
      left.maps.events.close()
      emit(right, 1)
    }, 10)
    expect(await events.next()).toMatchObject({ value: { from: 'right' } })
    setTimeout(() => right.close(), 10)
    expect(await events.next()).toEqual({ value: undefined, done: true })
  })

  test('end with the reason of the signal', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 10)
    await expect(mergeEvents(buffers(), { signal: controller.signal }).next()).rejects.toBe(reason)
  })

  test('what has no events is refused', async () => {
    using hash = HashMap.create({ name: 'hash', key: u32, value: u32, maxEntries: 1 })
    for (const wrong of [{}, null, { hash }]) {
      await expect(mergeEvents(wrong as never).next()).rejects.toMatchObject({
        code: 'ERR_ARGUMENT',
        argument: 'buffers',
      })
    }
    left.close()
    await expect(mergeEvents(buffers()).next()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })
})
