import { describe, expectTypeOf, test } from 'vitest'
import {
  array,
  bool,
  bytes,
  type Codec,
  enumeration,
  type Infer,
  type i64,
  ipv4,
  type ipv6,
  type mac,
  string,
  struct,
  u8,
  u32,
  type u64,
  type u64be,
  type u64Number,
} from '../index.js'

describe('a codec has the type of its values', () => {
  test('numbers to 32 bits, bigints for 64, strings for addresses', () => {
    expectTypeOf<Infer<typeof u32>>().toEqualTypeOf<number>()
    expectTypeOf<Infer<typeof u64>>().toEqualTypeOf<bigint>()
    expectTypeOf<Infer<typeof i64>>().toEqualTypeOf<bigint>()
    expectTypeOf<Infer<typeof u64be>>().toEqualTypeOf<bigint>()
    expectTypeOf<Infer<typeof u64Number>>().toEqualTypeOf<number>()
    expectTypeOf<Infer<typeof bool>>().toEqualTypeOf<boolean>()
    expectTypeOf<Infer<typeof ipv4>>().toEqualTypeOf<string>()
    expectTypeOf<Infer<typeof ipv6>>().toEqualTypeOf<string>()
    expectTypeOf<Infer<typeof mac>>().toEqualTypeOf<string>()
  })

  test('arrays, text, bytes and enums', () => {
    expectTypeOf(array(array(u8, 3), 2)).toEqualTypeOf<Codec<number[][]>>()
    expectTypeOf(bytes(6)).toEqualTypeOf<Codec<Uint8Array>>()
    expectTypeOf(string(16)).toEqualTypeOf<Codec<string>>()
    expectTypeOf(enumeration({ Pass: 0, Drop: 1 })).toEqualTypeOf<Codec<0 | 1>>()
    // @ts-expect-error: an enum's values are numbers
    enumeration({ Pass: 'pass' })
    // @ts-expect-error: there is no such size
    enumeration({ Pass: 0 }, { size: 3 })
  })

  test('structs, nested', () => {
    const Inner = struct({ address: ipv4, ports: array(u32, 2) })
    const Outer = struct({ inner: Inner, isOpen: bool }, { packed: true, cNames: { isOpen: 'open' } })
    expectTypeOf<Infer<typeof Outer>>().toEqualTypeOf<{
      inner: { address: string; ports: number[] }
      isOpen: boolean
    }>()
    // @ts-expect-error: no codec
    struct({ address: 'ipv4' })
    // @ts-expect-error: there is no such field
    struct({ address: ipv4 }, { cNames: { adress: 'saddr' } })
    // @ts-expect-error: an option is misspelt
    struct({ address: ipv4 }, { pack: true })
  })
})
