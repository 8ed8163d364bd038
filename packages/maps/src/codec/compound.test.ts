import type { Codec } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { getArray, putArray } from './arrays.js'
import { putU64 } from './big-integers.js'
import { putBits } from './bits.js'
import { putU8, putU16, putU32 } from './integers.js'
import { putStruct } from './structs.js'
import { putUnion, type UnionMember } from './unions.js'

const room = (size = 32) => new DataView(new Uint8Array(size).fill(0xaa).buffer)

const port: Codec<{ port: number }> = {
  size: 4,
  alignment: 4,
  layout: ['size 4', 'port u32 @0'],
  encode: (value, view, offset) => putU32(view, offset, value.port, 'port'),
  decode: (view, offset) => ({ port: view.getUint32(offset, true) }),
}

describe('an array', () => {
  test('has its elements a stride apart', () => {
    const view = room()
    putArray(view, 4, 8, 3, [1, 2, 3], putU16, 'ports')
    expect(getArray(view, 4, 8, 3, (from, at) => from.getUint16(at, true))).toEqual([1, 2, 3])
    expect([4, 12, 20].map((at) => view.getUint16(at, true))).toEqual([1, 2, 3])
    expect(view.getUint16(6, true)).toBe(0xaaaa)
  })

  test('says which element does not fit, also in arrays of arrays and of structs', () => {
    expect(() => putArray(room(), 0, 1, 3, [1, 2, 300], putU8, 'flow.ports')).toThrow(
      expect.objectContaining({ argument: 'flow.ports[2]', value: 300 }),
    )
    const rows = (view: DataView, offset: number, row: readonly number[], path: string) =>
      putArray(view, offset, 1, 2, row, putU8, path)
    expect(() =>
      putArray(
        room(),
        0,
        2,
        2,
        [
          [1, 2],
          [3, 256],
        ],
        rows,
        'grid',
      ),
    ).toThrow(expect.objectContaining({ argument: 'grid[1][1]', value: 256 }))
    const structs = (view: DataView, offset: number, value: { port: number }, path: string) =>
      putStruct(view, offset, port, value, path)
    expect(() => putArray(room(), 0, 4, 2, [{ port: 1 }, { port: -1 }], structs, 'ports')).toThrow(
      expect.objectContaining({ argument: 'ports[1].port', value: -1 }),
    )
  })

  test.each([[[1, 2]], [[1, 2, 3, 4]], ['123'], [undefined]])('refuses %j for three elements', (values) => {
    expect(() => putArray(room(), 0, 1, 3, values as number[], putU8, 'ports')).toThrow(
      expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'ports' }),
    )
  })
})

test('a member with a codec of its own is named with the way to it', () => {
  expect(() => putStruct(room(), 0, port, { port: -1 }, 'flow.target')).toThrow(
    expect.objectContaining({ argument: 'flow.target.port', value: -1 }),
  )
  expect(() => putStruct(room(), 0, port, undefined as unknown as { port: number }, 'flow.target')).toThrow(
    expect.objectContaining({ argument: 'flow.target', value: undefined }),
  )
})

describe('a union', () => {
  type Value = { word?: number; bytes?: number; wide?: bigint; low?: number; high?: number }
  const put = (view: DataView, value: Value) => {
    const members: UnionMember[] = [
      ['word', (to, at) => putU32(to, at, value.word as number, 'word')],
      ['bytes', (to, at) => putU8(to, at, value.bytes as number, 'bytes')],
      ['wide', (to, at) => putU64(to, at, value.wide as bigint, 'wide')],
      ['low', (to, at) => putBits(to, at, 0, 4, value.low as number, 'low')],
      ['high', (to, at) => putBits(to, at, 4, 4, value.high as number, 'high')],
    ]
    putUnion(view, 8, 8, value, members, 'address')
  }

  test('takes one member, the rest zeroes', () => {
    const view = room()
    put(view, { word: 0x0403_0201 })
    expect(view.getBigUint64(8, true)).toBe(0x0403_0201n)
    expect([view.getUint8(7), view.getUint8(16)]).toEqual([0xaa, 0xaa])
  })

  test('takes several that agree, bit by bit', () => {
    const view = room()
    put(view, { word: 0x0403_0201, bytes: 1, wide: 0x0807_0605_0403_0201n, low: 1, high: 0 })
    expect(view.getBigUint64(8, true)).toBe(0x0807_0605_0403_0201n)
    put(view, { low: 0xa, high: 0x5 })
    expect(view.getBigUint64(8, true)).toBe(0x5an)
  })

  test.each<Value>([
    { word: 0x0403_0201, bytes: 2 },
    { bytes: 0, word: 1 },
    { word: 1, wide: 2n },
    { bytes: 0x5a, high: 4 },
  ])('refuses members that contradict each other: %o', (value) => {
    expect(() => put(room(), value)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'address' }))
  })

  test('refuses none, and what is no object', () => {
    expect(() => put(room(), {})).toThrow('word, bytes, wide, low, high')
    expect(() => put(room(), null as unknown as Value)).toThrow('word, bytes, wide, low, high')
  })
})
