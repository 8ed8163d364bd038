import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ipv4, struct, u8, u32, u64 } from '../index.js'
import { lazyEvents, straightLine, withClosures } from './lazy-event.js'
import type { Records } from './records.js'

const Drop = struct({ source: ipv4, reason: u8, bytes: u64 })
const value = { source: '192.0.2.1', reason: 7, bytes: 1500n }

function encoded(offset: number): DataView {
  const view = new DataView(new ArrayBuffer(offset + Drop.size))
  Drop.encode(value, view, offset)
  return view
}

const noCheck = () => {}

/** One record, at an offset. */
function one(view: DataView, offset: number): Records {
  return { records: 1, view, index: Uint32Array.of(offset, view.byteLength - offset) }
}

function first<E>(events: Iterable<E>): E {
  const [event] = events
  if (event === undefined) throw new Error('no event')
  return event
}

describe.each([
  ['as code of its own', straightLine],
  ['where no code can be made', withClosures],
])('an event, %s', (_, compile) => {
  const { iterate } = compile(Object.entries(Drop.places?.() ?? {}), Drop.size)
  const read = (view: DataView, offset: number) => first(iterate(one(view, offset), 0, noCheck))

  test('has the fields of the record at its offset', () => {
    expect(read(encoded(8), 8)).toMatchObject(value)
  })

  test('decodes a field when it is read', () => {
    const view = encoded(0)
    const event = read(view, 0) as typeof value
    view.setUint8(4, 9)
    expect(event.reason).toBe(9)
  })

  test('comes one after the other, and a record that is too short is found', () => {
    const view = encoded(8)
    const records = { records: 3, view, index: Uint32Array.of(0, Drop.size, 8, Drop.size, 8, Drop.size - 1) }
    const short: number[] = []
    expect([...iterate(records, 1, (record) => short.push(record))]).toMatchObject([value, value])
    expect(short).toEqual([2])
  })

  test('cannot be written to', () => {
    const event = read(encoded(0), 0) as typeof value
    expect(() => {
      event.reason = 1
    }).toThrow(TypeError)
  })
})

test('a field may be called anything', () => {
  const names = ['constructor_', 'toJSON', 'memory', 'place', 'view', 'this_', 'class', 'get']
  const Odd = struct(Object.fromEntries(names.map((name) => [name, u8])))
  const view = new DataView(Uint8Array.from(names.keys()).buffer)
  const event = first(lazyEvents(Odd)(one(view, 0), 0, noCheck))
  for (const [i, name] of names.entries()) expect(event[name]).toBe(i)
})

test('prints, and turns into JSON, as what it holds', () => {
  const Small = struct({ source: ipv4, reason: u8 })
  const event = first(lazyEvents(Small)(one(encoded(0), 0), 0, noCheck))
  expect(inspect(event)).toBe("{ source: '192.0.2.1', reason: 7 }")
  expect(JSON.stringify(event)).toBe('{"source":"192.0.2.1","reason":7}')
})

test('what is no struct is decoded as a whole', () => {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(4, 5, true)
  expect([...lazyEvents(u32)(one(view, 4), 0, noCheck)]).toEqual([5])
})

test('the class of a codec is made once', () => {
  expect(lazyEvents(Drop)).toBe(lazyEvents(Drop))
})
