import { MapOperationError, RawMap } from '@millrace/core'
import { checkInteger, checkMap, checkOptions, errno, mapOperationError } from '@millrace/core/internal'
import { u32, u64 } from '../codecs/scalars.js'
import { walkKeysAlone } from '../iteration/key-walk.js'
import { KernelMap } from './kernel-map.js'
import type { Codecs, MapKind } from './map-kind.js'
import type { OpenOptions } from './map-options.js'

/**
 * What the maps have in common to whose entries XDP programs redirect: a value is a number and, where it has 8 bytes, a
 * program, which goes in as a descriptor and comes out as an id.
 *
 * @typeParam E - what comes out
 */
export abstract class RedirectTable<E> extends KernelMap implements Iterable<[number, E]> {
  readonly #key = new Uint8Array(4)
  readonly #keyView = new DataView(this.#key.buffer)
  readonly #value: Uint8Array
  readonly #valueView: DataView
  readonly #keyName: string

  /** @param keyName - what the caller calls a key */
  protected constructor(raw: RawMap, keyName: string) {
    super(raw)
    this.#keyName = keyName
    this.#value = new Uint8Array(raw.valueSize)
    this.#valueView = new DataView(this.#value.buffer)
  }

  /**
   * What is at a key, `undefined` for nothing.
   *
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE ...
   * @throws {@link ArgumentError} for what is no key, {@link ClosedError}
   */
  get(key: number): E | undefined {
    this.#encodeKey(key, 'get')
    return this.#read('get')
  }

  /** Whether there is something at a key. Throws as `get` does. */
  has(key: number): boolean {
    return this.get(key) !== undefined
  }

  /** Empties a key. False when there was nothing. Throws as `get` does. */
  delete(key: number): boolean {
    this.#encodeKey(key, 'delete')
    // An array's own answer is the same in either case.
    if (this.#isArray && this.#read('delete') === undefined) return false
    return this.#remove('delete')
  }

  /** Keys that have something, and what. `for (const [key, entry] of map)` is the same. Throws as `get` does. */
  *entries(): IterableIterator<[number, E]> {
    for (const key of this.#keys()) {
      this.#keyView.setUint32(0, key, true)
      const entry = this.#read('read entries')
      if (entry !== undefined) yield [key, entry]
    }
  }

  /** The keys, as `entries` gives them. */
  *keys(): IterableIterator<number> {
    for (const [key] of this.entries()) yield key
  }

  /** What is there, as `entries` gives it. */
  *values(): IterableIterator<E> {
    for (const [, entry] of this.entries()) yield entry
  }

  /** Empties all keys, one by one. */
  clear(): void {
    for (const key of this.#keys()) {
      this.#keyView.setUint32(0, key, true)
      this.#remove('clear')
    }
  }

  [Symbol.iterator](): IterableIterator<[number, E]> {
    return this.entries()
  }

  /** @param programId - undefined: none */
  protected abstract decode(number: number, programId: number | undefined): E

  /** Whether values have room for a program. */
  protected get holdsPrograms(): boolean {
    return this.#value.length >= u64.size
  }

  /**
   * Writes, and returns what the kernel did.
   *
   * @param program - a descriptor, or -1
   */
  protected write(
    key: number,
    { number, program }: { readonly number: number; readonly program: number },
    update: (key: Uint8Array, value: Uint8Array) => number,
  ): number {
    this.#encodeKey(key, 'set')
    this.#valueView.setUint32(0, number, true)
    if (this.holdsPrograms) this.#valueView.setInt32(4, program, true)
    return update(this.#key, this.#value)
  }

  #encodeKey(key: number, operation: string): void {
    checkInteger(this.#keyName, key, 0, 0xffff_ffff)
    // The kernel's answers differ, and some are those of an empty index.
    if (this.#isArray && key >= this.maxEntries) throw mapOperationError(this.raw, operation, errno.E2BIG)
    this.#keyView.setUint32(0, key, true)
  }

  #read(operation: string): E | undefined {
    const result = this.raw.lookup(this.#key, this.#value)
    if (result === -errno.ENOENT) return undefined
    if (result !== 0) throw mapOperationError(this.raw, operation, result)
    const programId = this.holdsPrograms ? this.#valueView.getUint32(4, true) : 0
    return this.decode(this.#valueView.getUint32(0, true), programId === 0 ? undefined : programId)
  }

  #remove(operation: string): boolean {
    const result = this.raw.delete(this.#key)
    if (result === 0) return true
    if (result === -errno.ENOENT) return false
    throw mapOperationError(this.raw, operation, result)
  }

  *#keys(): Iterable<number> {
    if (this.#isArray) {
      for (let index = 0; index < this.maxEntries; index++) yield index
    } else {
      for (const bytes of walkKeysAlone(this.raw)) yield new DataView(bytes.buffer).getUint32(0, true)
    }
  }

  get #isArray(): boolean {
    return this.type !== 'devmap_hash'
  }
}

/** Codecs by which such a map is made. */
export const redirectCodecs: Codecs = { key: u32, value: u64 }

/** Its values may have room for a number only. */
export function checkRedirects(kind: MapKind, raw: RawMap, maxEntries?: number, path?: string): RawMap {
  checkMap('raw', raw)
  return kind.check(raw, { key: u32, value: raw.valueSize === u32.size ? u32 : u64 }, maxEntries, path)
}

export function openRedirects(kind: MapKind, path: string, options: OpenOptions): RawMap {
  checkOptions('options', options, ['maxEntries', 'access'])
  const raw = RawMap.open(path, { access: options.access })
  try {
    return checkRedirects(kind, raw, options.maxEntries, path)
  } catch (error) {
    raw.close()
    throw error
  }
}

/** The error where a program was to be put into a map whose values have no room for it. */
export function withoutPrograms({ name, valueSize }: RawMap, struct: string): MapOperationError {
  const reason = `its values have ${valueSize} bytes, too few for a program: make them ${struct} (ENOSPC)`
  return new MapOperationError({
    code: 'ERR_MAP_UNSUPPORTED',
    map: name,
    operation: 'set',
    errno: errno.ENOSPC,
    reason,
  })
}
