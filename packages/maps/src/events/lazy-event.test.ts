import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ipv4, struct, u8, u32, u64 } from '../index.js'
import { lazyEvents, straightLine, withClosures } from './lazy-event.js'

const Drop = struct({ source: ipv4, reason: u8, bytes: u64 })
const value = { source: '192.0.2.1', reason: 7, bytes: 1500n }

function encoded(offset: number): DataView {
  const view = new DataView(new ArrayBuffer(offset + Drop.size))
  Drop.encode(value, view, offset)
  return view
}

describe.each([
  ['as code of its own', straightLine],
  ['where no code can be made', withClosures],
])('an event, %s', (_, compile) => {
  const { read } = compile(Object.entries(Drop.fields ?? {}))

  test('has the fields of the record at its offset', () => {
    expect(read(encoded(8), 8)).toMatchObject(value)
  })

  test('decodes a field when it is read', () => {
    const view = encoded(0)
    const event = read(view, 0) as typeof value
    view.setUint8(4, 9)
    expect(event.reason).toBe(9)
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
  const event = lazyEvents(Odd)(view, 0)
  for (const [i, name] of names.entries()) expect(event[name]).toBe(i)
})

test('prints, and turns into JSON, as what it holds', () => {
  const Small = struct({ source: ipv4, reason: u8 })
  const event = lazyEvents(Small)(encoded(0), 0)
  expect(inspect(event)).toBe("{ source: '192.0.2.1', reason: 7 }")
  expect(JSON.stringify(event)).toBe('{"source":"192.0.2.1","reason":7}')
})

test('what is no struct is decoded as a whole', () => {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(4, 5, true)
  expect(lazyEvents(u32)(view, 4)).toBe(5)
})

test('the class of a codec is made once', () => {
  expect(lazyEvents(Drop)).toBe(lazyEvents(Drop))
})
