import { checkBoolean, checkBytes, checkInteger } from '../check.js'
import type { Codec, IntegerType } from '../codec.js'
import { ArgumentError } from '../errors/index.js'

/** How variables and constants of an object without a generated module come out; structs and arrays as their bytes. */
export type UntypedValue = number | bigint | boolean | Uint8Array

/**
 * A codec for what a layout says: integers, floats and `bool` by their width and byte order, all else as bytes.
 */
export function codecOf(layout: readonly string[], size: number): Codec<UntypedValue> {
  const type = layout.length === 2 ? /^\* (\w+) @0$/.exec(layout[1] ?? '')?.[1] : undefined
  const scalar = type === undefined ? undefined : scalars[type]
  const { encode, decode } = scalar ?? bytes(size)
  return { size, alignment: scalar?.size ?? 1, layout, integer: integers.find((it) => it === type), encode, decode }
}

const integers: readonly IntegerType[] = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64']

type Scalar = Pick<Codec<UntypedValue>, 'size' | 'encode' | 'decode'>

const scalars: Readonly<Record<string, Scalar>> = {
  u8: integer(8, false),
  u16: integer(16, false),
  u32: integer(32, false),
  u64: bigInteger(false),
  i8: integer(8, true),
  i16: integer(16, true),
  i32: integer(32, true),
  i64: bigInteger(true),
  be16: integer(16, false, false),
  be32: integer(32, false, false),
  be64: bigInteger(false, false),
  ptr64: bigInteger(false),
  f32: float(32),
  f64: float(64),
  bool8: {
    size: 1,
    encode: (value, view, offset) => view.setUint8(offset, checkBoolean('', value) ? 1 : 0),
    decode: (view, offset) => view.getUint8(offset) !== 0,
  },
}

function integer(bits: 8 | 16 | 32, signed: boolean, littleEndian = true): Scalar {
  const type = `${signed ? 'Int' : 'Uint'}${bits}` as const
  const least = signed ? -(2 ** (bits - 1)) : 0
  const most = 2 ** (signed ? bits - 1 : bits) - 1
  return {
    size: bits / 8,
    encode: (value, view, offset) => view[`set${type}`](offset, checkInteger('', value, least, most), littleEndian),
    decode: (view, offset) => view[`get${type}`](offset, littleEndian),
  }
}

function bigInteger(signed: boolean, littleEndian = true): Scalar {
  const type = signed ? 'BigInt64' : 'BigUint64'
  const clamp = signed ? BigInt.asIntN : BigInt.asUintN
  return {
    size: 8,
    encode(value, view, offset) {
      if (typeof value !== 'bigint' || clamp(64, value) !== value) {
        const expected = signed ? 'a bigint from -2^63 to 2^63 - 1' : 'a bigint from 0 to 2^64 - 1'
        throw new ArgumentError({ argument: '', value, expected })
      }
      view[`set${type}`](offset, value, littleEndian)
    },
    decode: (view, offset) => view[`get${type}`](offset, littleEndian),
  }
}

function float(bits: 32 | 64): Scalar {
  return {
    size: bits / 8,
    encode(value, view, offset) {
      if (typeof value !== 'number') throw new ArgumentError({ argument: '', value, expected: 'a number' })
      view[`setFloat${bits}`](offset, value, true)
    },
    decode: (view, offset) => view[`getFloat${bits}`](offset, true),
  }
}

function bytes(size: number): Scalar {
  return {
    size,
    encode(value, view, offset) {
      if (checkBytes('', value).length !== size) {
        throw new ArgumentError({ argument: '', value, expected: `a Uint8Array of ${size} bytes` })
      }
      new Uint8Array(view.buffer, view.byteOffset + offset, size).set(checkBytes('', value))
    },
    decode: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, size).slice(),
  }
}
