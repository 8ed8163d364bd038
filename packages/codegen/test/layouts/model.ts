/** A C type that the property test makes up. */
export type TypeModel =
  | ScalarModel
  | { readonly kind: 'enum'; readonly tag: string; readonly values: readonly bigint[]; readonly isPacked: boolean }
  | { readonly kind: 'string' | 'bytes'; readonly length: number }
  | { readonly kind: 'array'; readonly element: TypeModel; readonly length: number }
  | { readonly kind: 'record'; readonly record: RecordModel }

export interface ScalarModel {
  readonly kind: 'scalar'
  /** in C */
  readonly name: string
  /** how it is written in TypeScript and compared */
  readonly form: 'unsigned' | 'signed' | 'big-endian' | 'bool' | 'float' | 'wide' | 'ipv4' | 'ipv6' | 'mac'
  /** bytes */
  readonly size: number
}

export type MemberModel =
  | { readonly kind: 'field'; readonly name: string; readonly type: TypeModel; readonly attribute: string }
  | { readonly kind: 'bits'; readonly name: string; readonly base: BitFieldBase; readonly width: number }
  | { readonly kind: 'padding'; readonly base: string; readonly width: number }
  | { readonly kind: 'anonymous'; readonly record: RecordModel }

export interface BitFieldBase {
  /** in C */
  readonly name: string
  readonly size: number
  readonly form: 'unsigned' | 'signed' | 'bool'
}

export interface RecordModel {
  readonly keyword: 'struct' | 'union'
  /** '' when anonymous */
  readonly tag: string
  readonly members: readonly MemberModel[]
  readonly attribute: string
}

export const scalarModels: readonly ScalarModel[] = [
  ...['__u8', '__u16', '__u32', '__u64'].map((name, index) => scalar(name, 'unsigned', 2 ** index)),
  ...['__s8', '__s16', '__s32', '__s64'].map((name, index) => scalar(name, 'signed', 2 ** index)),
  ...['__be16', '__be32', '__be64'].map((name, index) => scalar(name, 'big-endian', 2 ** (index + 1))),
  ...[scalar('bool', 'bool', 1), scalar('float', 'float', 4), scalar('double', 'float', 8)],
  ...[scalar('unsigned __int128', 'wide', 16), scalar('__int128', 'wide', 16)],
  ...[scalar('ipv4_t', 'ipv4', 4), scalar('ipv6_t', 'ipv6', 16), scalar('mac_t', 'mac', 6)],
]

export const bitFieldBases: readonly BitFieldBase[] = [
  ...['__u8', '__u16', '__u32', '__u64'].map((name, index) => ({ name, form: 'unsigned' as const, size: 2 ** index })),
  ...['__s8', '__s16', '__s32', '__s64'].map((name, index) => ({ name, form: 'signed' as const, size: 2 ** index })),
  { name: 'bool', form: 'bool', size: 1 },
]

function scalar(name: string, form: ScalarModel['form'], size: number): ScalarModel {
  return { kind: 'scalar', name, form, size }
}
