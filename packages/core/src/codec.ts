/**
 * How values of one C type become bytes and back. Generated modules and `struct({...})` of `@millrace/maps` make codecs;
 * core only uses them.
 *
 * @typeParam T - the TypeScript form: `number` up to 32 bits, `bigint` for 64, strings for addresses and fixed strings,
 * `Uint8Array` for byte arrays, plain objects for structs
 */
export interface Codec<T> {
  /** bytes */
  readonly size: number
  /** bytes; a power of two */
  readonly alignment: number
  /**
   * The layout, flattened, for comparing with the BTF of an object or a pinned map. The first line is `size N`; then one
   * line a leaf field in order of declaration: `<path> <type> @<offset in bits>`. Paths hold C names joined by dots, `*`
   * being a type that is no struct; arrays add `[n]`; members of anonymous structs and unions count as their parent's own.
   * Types are `u8` ... `u128`, `i8` ... `i128`, `bool8`, `ptr64`, `f32`, `f64`, `be16`, `be32`, `be64` (through a typedef of
   * that name), an enum being the integer that holds it and a bit-field its width (`u3`). An array of structs has a line for
   * itself, `<path>[n] struct<bytes of one> @<offset>`, followed by the fields of its first element under that path:
   * `slots[4] struct8 @32`, `slots[4].port u16 @32`. So does an array of unions. More dimensions add more: `m[2][3]`.
   */
  readonly layout: readonly string[]
  /** Writes all `size` bytes, padding as zeroes. Throws {@link ArgumentError} for a value that does not fit. */
  encode(value: T, view: DataView, offset: number): void
  /** Reads `size` bytes; what it returns is a copy, and shares no memory with the view. */
  decode(view: DataView, offset: number): T
  /** Of an integer in the machine's byte order: which. Its values are numbers up to 32 bits and bigints from there on. */
  readonly integer?: IntegerType | undefined
  /**
   * Of a struct or union: where its fields lie, by the names that they have in its values, so that views of memory can read and write
   * one of them in place, and batches of events read one alone. A function, for types are declared in any order. A codec without them
   * is read and written as a whole.
   */
  readonly places?: (() => CodecPlaces) | undefined
  /** Of an array: what it consists of; elements lie `codec.size` bytes apart. */
  readonly elements?: { readonly codec: Codec<unknown>; readonly length: number } | undefined
  /** Of a bit-field: `encode` changes some bits of its bytes, which it shares with others, and leaves the rest. */
  readonly isBitField?: boolean | undefined
}

/** `__u8` to `__s64` */
export type IntegerType = 'u8' | 'u16' | 'u32' | 'u64' | 'i8' | 'i16' | 'i32' | 'i64'

/** Fields by name: bytes from the start of the struct, and the codec. */
export type CodecPlaces = { readonly [name: string]: readonly [offset: number, codec: Codec<unknown>] }

/** The TypeScript form of a codec's values. */
export type Infer<C> = C extends Codec<infer T> ? T : never
