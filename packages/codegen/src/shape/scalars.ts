/** How a scalar is written in TypeScript. */
export interface Scalar {
  /** bytes */
  readonly size: number
  /** bytes; what the C type asks for */
  readonly alignment: number
  readonly type: 'number' | 'bigint' | 'boolean' | 'string'
  /** `@millrace/maps` exports a codec of this name */
  readonly hasCodec: boolean
  /** may be a bit-field's type */
  readonly isInteger: boolean
  /** function of `@millrace/maps/codec` that writes it */
  readonly put: string
  /** expression that reads it at the offset AT */
  readonly get: string
}

function scalar(size: number, type: Scalar['type'], put: string, get: string, alignment = size): Scalar {
  const isInteger = type !== 'string' && !/^putF|Number$/.test(put)
  const hasCodec = !/128|^putF/.test(put)
  return { size, alignment, type, hasCodec, isInteger, put, get }
}

/** By a name that is also that of the codec in `@millrace/maps`, where there is one. */
export const scalars = {
  u8: scalar(1, 'number', 'putU8', 'view.getUint8(AT)'),
  u16: scalar(2, 'number', 'putU16', 'view.getUint16(AT, true)'),
  u32: scalar(4, 'number', 'putU32', 'view.getUint32(AT, true)'),
  u64: scalar(8, 'bigint', 'putU64', 'getU64(view, AT)'),
  u64Number: scalar(8, 'number', 'putU64Number', 'getU64Number(view, AT)'),
  u128: scalar(16, 'bigint', 'putU128', 'getU128(view, AT)'),
  i8: scalar(1, 'number', 'putI8', 'view.getInt8(AT)'),
  i16: scalar(2, 'number', 'putI16', 'view.getInt16(AT, true)'),
  i32: scalar(4, 'number', 'putI32', 'view.getInt32(AT, true)'),
  i64: scalar(8, 'bigint', 'putI64', 'getI64(view, AT)'),
  i128: scalar(16, 'bigint', 'putI128', 'getI128(view, AT)'),
  u16be: scalar(2, 'number', 'putU16be', 'view.getUint16(AT)'),
  u32be: scalar(4, 'number', 'putU32be', 'view.getUint32(AT)'),
  u64be: scalar(8, 'bigint', 'putU64be', 'getU64be(view, AT)'),
  bool: scalar(1, 'boolean', 'putBool', 'getBool(view, AT)'),
  f32: scalar(4, 'number', 'putF32', 'view.getFloat32(AT, true)'),
  f64: scalar(8, 'number', 'putF64', 'view.getFloat64(AT, true)'),
  ipv4: scalar(4, 'string', 'putIpv4', 'getIpv4(view, AT)'),
  ipv6: scalar(16, 'string', 'putIpv6', 'getIpv6(view, AT)', 1),
  mac: scalar(6, 'string', 'putMac', 'getMac(view, AT)', 1),
} as const satisfies Readonly<Record<string, Scalar>>

export type ScalarName = keyof typeof scalars
