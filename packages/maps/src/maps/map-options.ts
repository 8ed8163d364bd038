import type { Codec, PinAccess } from '@millrace/core'

/** How keys and values become bytes. */
export interface MapCodecs<K, V> {
  readonly key: Codec<K>
  readonly value: Codec<V>
}

/** What programs may do with a map. */
export type ProgramAccess = 'read-write' | 'read-only' | 'write-only'

/** What every map is made of. */
export interface CreateOptions {
  /** letters, digits, `_` and `.`, of which 15 reach the kernel */
  readonly name: string
  readonly maxEntries: number
  /**
   * what programs may do; default `read-write`. A `read-only` map that is frozen too holds constants to the verifier.
   */
  readonly programAccess?: ProgramAccess | undefined
}

/** How to open a pinned map. */
export interface OpenOptions {
  /** how many the map has to have; undefined: any number */
  readonly maxEntries?: number | undefined
  /** what this process may do; default `read-write` */
  readonly access?: PinAccess | undefined
}

/** A map of an object file: what a module that `bpf2ts` writes says of it. */
export interface SpecOptions {
  /** in C */
  readonly name: string
  readonly maxEntries: number
  /** BPF_F_... of linux/bpf.h besides those of named options; read where it describes the maps of a map of maps, default 0 */
  readonly flags?: number | undefined
  /** as in {@link CreateOptions}; read where it describes the maps of a map of maps */
  readonly programAccess?: ProgramAccess | undefined
}
