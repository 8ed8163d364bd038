import type { Codec } from './codec.js'
import type { ProgramType } from './program-type.js'
import type { RawMap } from './raw-map.js'

/**
 * Plain data that describes an object file: what `bpf2ts` writes. A spec owns nothing; `load(spec)` makes the live object.
 */
export interface ObjectSpec {
  readonly name: string
  /** the `.bpf.o` beside the generated module */
  readonly file: URL | string
  readonly maps: Readonly<Record<string, MapSpec<unknown>>>
  readonly programs: Readonly<Record<string, ProgramSpec<ProgramType>>>
  /** `.rodata`, by TypeScript name */
  readonly constants: Readonly<Record<string, VariableSpec<unknown>>>
  /** `.data` and `.bss`, by TypeScript name */
  readonly variables: Readonly<Record<string, VariableSpec<unknown>>>
}

/** One map of an object; `M` is the typed map that stands for it once loaded. */
export interface MapSpec<M> {
  /** in C */
  readonly name: string
  /** as bpftool prints it: `hash`, `lpm_trie`, `ringbuf` ... */
  readonly type: string
  readonly maxEntries: number
  readonly key?: Codec<unknown> | undefined
  readonly value?: Codec<unknown> | undefined
  /** of a ring buffer's records, checked against the marker that `millrace/events.h` leaves in the BTF */
  readonly event?: Codec<unknown> | undefined
  /** BPF_F_... of linux/bpf.h; read where it describes the maps of a map of maps, default 0 */
  readonly flags?: number | undefined
  /** of a map of maps: the maps that it holds */
  readonly inner?: MapSpec<unknown> | undefined
  /** `sibling` finds other maps of the same object by C name. */
  wrap(raw: RawMap, sibling: (name: string) => RawMap | undefined): M
}

/** One program of an object. */
export interface ProgramSpec<T extends ProgramType> {
  /** in C */
  readonly name: string
  readonly type: T
  /** ELF section */
  readonly section: string
}

/** One global variable of an object. */
export interface VariableSpec<T> {
  /** in C */
  readonly name: string
  /** ELF section: `.rodata`, `.data`, `.bss` or a suffixed form such as `.data.shared`, or `.addr_space.1` in an arena */
  readonly section: string
  /** bytes from the start of the section */
  readonly offset: number
  readonly codec: Codec<T>
}

/**
 * Keeps the literal types of a generated module.
 *
 * @example
 * ```ts
 * import { defineObject, load } from '@millrace/core'
 *
 * const counter = defineObject({
 *   name: 'counter',
 *   file: new URL('./counter.bpf.o', import.meta.url),
 *   maps: {},
 *   programs: { count: { name: 'count', type: 'xdp', section: 'xdp' } },
 *   constants: {},
 *   variables: {},
 * })
 * using object = await load(counter)
 * object.programs.count.testRun({ data: new Uint8Array(64) })
 * ```
 */
export function defineObject<const S extends ObjectSpec>(spec: S): S {
  return spec
}
