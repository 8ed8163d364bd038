import { ArgumentError, type Codec } from '@millrace/core'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { array, bytes, string } from './arrays.js'
import { loop, type StructField, straightLine } from './compile-struct.js'
import { ipv4, ipv6, mac, u16be, u32be, u64be } from './network-order.js'
import { bool, i8, i16, i32, i64, u8, u16, u32, u64, u64Number } from './scalars.js'
import { struct } from './struct.js'

/** A codec with random values that it takes. */
interface Sample {
  readonly codec: Codec<unknown>
  readonly value: fc.Arbitrary<unknown>
}

const leaves: readonly Sample[] = [
  { codec: u8, value: fc.nat(0xff) },
  { codec: u16, value: fc.nat(0xffff) },
  { codec: u32, value: fc.nat() },
  { codec: u64, value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  { codec: u64Number, value: fc.maxSafeNat() },
  { codec: i8, value: fc.integer({ min: -128, max: 127 }) },
  { codec: i16, value: fc.integer({ min: -32768, max: 32767 }) },
  { codec: i32, value: fc.integer() },
  { codec: i64, value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { codec: bool, value: fc.boolean() },
  { codec: u16be, value: fc.nat(0xffff) },
  { codec: u32be, value: fc.nat() },
  { codec: u64be, value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  { codec: ipv4, value: fc.ipV4() },
  { codec: ipv6, value: fc.nat(0xffff).map((group) => `2001:db8::1:${group.toString(16)}`) },
  { codec: mac, value: fc.nat(0xff).map((byte) => `02:00:00:00:00:${byte.toString(16).padStart(2, '0')}`) },
  { codec: bytes(5), value: fc.uint8Array({ minLength: 5, maxLength: 5 }) },
  { codec: string(7), value: fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 7 }) },
]

const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,5}$/), { minLength: 1, maxLength: 6 })

/** Structs of leaves, arrays and structs, up to three deep. */
const { sample } = fc.letrec<{ sample: Sample; array: Sample; struct: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'nesting' },
    fc.constantFrom(...leaves),
    tie('array'),
    tie('struct'),
  ),
  array: fc.tuple(tie('sample'), fc.integer({ min: 1, max: 3 })).map(([element, length]) => ({
    codec: array(element.codec, length),
    value: fc.array(element.value, { minLength: length, maxLength: length }),
  })),
  struct: fc.tuple(names, fc.infiniteStream(tie('sample')), fc.boolean()).map(([fieldNames, samples, packed]) =>
    structOf(
      fieldNames.map((name) => [name, samples.next().value]),
      packed,
    ),
  ),
}))

function structOf(fields: readonly (readonly [string, Sample])[], packed: boolean): Sample {
  const codecs = Object.fromEntries(fields.map(([name, field]) => [name, field.codec]))
  const values = Object.fromEntries(fields.map(([name, field]) => [name, field.value]))
  return { codec: struct(codecs, { packed }), value: fc.record(values, { noNullPrototype: true }) }
}

const anyValue = sample.chain(({ codec, value }) => fc.record({ codec: fc.constant(codec), value }))

afterEach(() => vi.unstubAllGlobals())

describe('any codec', () => {
  test('gives back what it was given, and writes its own bytes only, whatever was there', () => {
    fc.assert(
      fc.property(anyValue, fc.nat(3), ({ codec, value }, shift) => {
        const [first, second] = [0xaa, 0x55].map((background) => {
          const room = new Uint8Array(codec.size + 16).fill(background)
          const view = new DataView(room.buffer, 4)
          codec.encode(value, view, shift)
          expect(codec.decode(view, shift)).toEqual(value)
          const outside = [...room.subarray(0, 4 + shift), ...room.subarray(4 + shift + codec.size)]
          expect(new Set(outside)).toEqual(new Set([background]))
          return room.slice(4 + shift, 4 + shift + codec.size)
        })
        // Padding too: nothing shines through.
        expect(first).toEqual(second)
      }),
      { numRuns: 500 },
    )
  })

  test('lies at multiples of its alignment, each field on its own bits', () => {
    fc.assert(
      fc.property(anyValue, ({ codec }) => {
        expect(codec.size % codec.alignment).toBe(0)
        expect(codec.layout[0]).toBe(`size ${codec.size}`)
        for (const line of codec.layout.slice(1)) expect(line).toMatch(/^[*\w.[\]]+ [a-z]+\d+ @\d+$/)
      }),
    )
  })
})

describe('a struct is laid out as C does', () => {
  test('with padding between its fields and behind them', () => {
    const Flow = struct({ source: ipv4, port: u16be, flags: u8, packets: u64, isOpen: bool })
    expect(Flow).toMatchObject({ size: 24, alignment: 8 })
    expect(Flow.layout).toEqual([
      'size 24',
      'source be32 @0',
      'port be16 @32',
      'flags u8 @48',
      'packets u64 @64',
      'is_open bool8 @128',
    ])
  })

  test('packed, and aligned to more than its fields need', () => {
    const fields = { kind: u8, count: u32 }
    expect(struct(fields, { packed: true })).toMatchObject({ size: 5, alignment: 1 })
    expect(struct(fields, { packed: true }).layout).toEqual(['size 5', 'kind u8 @0', 'count u32 @8'])
    expect(struct(fields, { align: 16 })).toMatchObject({ size: 16, alignment: 16 })
    expect(struct(fields, { packed: true, align: 2 })).toMatchObject({ size: 6, alignment: 2 })
  })

  test('with nested structs, arrays of arrays and arrays of structs', () => {
    const Point = struct({ xPosition: u16, y: u16 })
    const Shape = struct({
      center: Point,
      corners: array(Point, 4),
      grid: array(array(u8, 3), 2),
      next: array(ipv6, 2),
    })
    expect(Shape.layout).toEqual([
      'size 58',
      'center.x_position u16 @0',
      'center.y u16 @16',
      'corners[4] struct4 @32',
      'corners[4].x_position u16 @32',
      'corners[4].y u16 @48',
      'grid[2][3] u8 @160',
      'next[2] struct16 @208',
      'next[2].bytes[16] u8 @208',
    ])
    expect(array(array(Point, 2), 3).layout).toEqual([
      'size 24',
      '*[3][2] struct4 @0',
      '*[3][2].x_position u16 @0',
      '*[3][2].y u16 @16',
    ])
  })

  test('with C names that are not the snake case of its own', () => {
    const Key = struct({ source: ipv4, destinationPort: u16be }, { cNames: { source: 'saddr' } })
    expect(Key.layout).toEqual(['size 8', 'saddr be32 @0', 'destination_port be16 @32'])
  })
})

describe('an error says which field', () => {
  const Inner = struct({ ports: array(u16be, 2) })
  const Outer = struct({ inner: Inner, address: ipv4 })
  const room = new DataView(new ArrayBuffer(16))

  test.each([
    [{ inner: { ports: [1, 70_000] }, address: '10.0.0.1' }, 'inner.ports[1]', 70_000],
    [{ inner: { ports: [1] }, address: '10.0.0.1' }, 'inner.ports', [1]],
    [{ inner: undefined, address: '10.0.0.1' }, 'inner', undefined],
    [{ inner: { ports: [1, 2] } }, 'address', undefined],
    [{ inner: { ports: [1, 2] }, address: '10.0.0' }, 'address', '10.0.0'],
    [undefined, '', undefined],
  ])('%j', (value, argument, wrong) => {
    const fields: StructField[] = [
      { name: 'inner', codec: Inner as Codec<unknown>, offset: 0 },
      { name: 'address', codec: ipv4 as Codec<unknown>, offset: 4 },
    ]
    for (const codec of [Outer, straightLine(fields, 8), loop(fields, 8)] as Codec<unknown>[]) {
      expect(() => codec.encode(value, room, 0)).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', argument, value: wrong }),
      )
    }
  })

  test('a number beyond 2 ** 53 is not rounded', () => {
    const Clock = struct({ bootTime: u64Number })
    room.setBigUint64(0, 2n ** 53n, true)
    expect(() => Clock.decode(room, 0)).toThrow('9007199254740992n')
    room.setBigUint64(0, 2n ** 53n - 1n, true)
    expect(Clock.decode(room, 0)).toEqual({ bootTime: Number.MAX_SAFE_INTEGER })
    expect(() => Clock.encode({ bootTime: 2 ** 53 }, room, 0)).toThrow(ArgumentError)
  })
})

describe('what is no struct is refused', () => {
  test.each(['__proto__', 'a b', '', 'x"', '1x', 'a;b'])('a field named %j', (name) => {
    expect(() => struct(Object.fromEntries([[name, u8]]))).toThrow(ArgumentError)
  })

  test('no fields, an odd alignment, a misspelt option, a name for a field that is not there', () => {
    expect(() => struct({})).toThrow('at least one field')
    expect(() => struct({ a: u8 }, { align: 3 })).toThrow('a power of two')
    expect(() => struct({ a: u8 }, { packd: true } as object)).toThrow('did you mean packed?')
    expect(() => struct({ a: u8 }, { packed: 'no' } as object)).toThrow(
      "options.packed is 'no', expected true or false",
    )
    expect(() => struct({ a: u8 }).encode(5 as never, new DataView(new ArrayBuffer(1)), 0)).toThrow(/^the value is 5,/)
    expect(() => struct({ source: u8 }, { cNames: { sorce: 'saddr' } as object })).toThrow('did you mean source?')
    expect(() => array(u8, 0)).toThrow(ArgumentError)
    expect(() => bytes(1.5)).toThrow(ArgumentError)
    expect(() => string(-1)).toThrow(ArgumentError)
  })
})

describe('where code may not be made from strings', () => {
  test('a struct works all the same', () => {
    vi.stubGlobal(
      'Function',
      class {
        constructor() {
          throw new EvalError('Code generation from strings disallowed for this context')
        }
      },
    )
    const Flow = struct({ source: ipv4, port: u16be, packets: u64 })
    vi.unstubAllGlobals()
    expect(Flow.encode.toString()).toContain('for (const field of fields)')
    expectSame(Flow, struct({ source: ipv4, port: u16be, packets: u64 }), { source: '10.0.0.1', port: 80, packets: 7n })
  })

  test('a loop over the fields does the same as straight-line code', () => {
    fc.assert(
      fc.property(
        fc.array(anyValue, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(3), { minLength: 6 }),
        (values, gaps) => {
          let size = 0
          const fields = values.map(({ codec }, i): StructField => {
            const offset = size + (gaps[i] ?? 0)
            size = offset + codec.size
            return { name: `field${i}`, codec, offset }
          })
          const value = Object.fromEntries(values.map((field, i) => [`field${i}`, field.value]))
          const shape = { size: size + 2, alignment: 1, layout: [] }
          expectSame({ ...shape, ...loop(fields, size + 2) }, { ...shape, ...straightLine(fields, size + 2) }, value)
        },
      ),
    )
  })
})

function expectSame<T>(left: Codec<T>, right: Codec<T>, value: T): void {
  const [a, b] = [left, right].map((codec) => {
    const view = new DataView(new Uint8Array(codec.size).fill(0xaa).buffer)
    codec.encode(value, view, 0)
    expect(codec.decode(view, 0)).toEqual(value)
    return new Uint8Array(view.buffer)
  })
  expect(a).toEqual(b)
}
