import type { MapSpec, RawMap } from '@millrace/core'
import type { ValueCodec } from './array-map.js'
import { Line } from './line.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'

const kind = new MapKind('stack')

/** What a {@link Stack} is made of. */
export interface StackOptions<V> extends ValueCodec<V>, CreateOptions {}

/**
 * A stack: what was put in last comes out first. What to choose where the latest is the best to use again, as it is still in the
 * caches; {@link Queue} where what was given back is to rest first, as a port does.
 *
 * Capacity: `maxEntries` values, all of whose memory is taken at once. It has no keys, and no way to look past the next
 * value: it cannot be iterated, but emptied (`drain`). One lock for all processors.
 *
 * @kernel 4.20
 *
 * @example
 * ```ts
 * import { Stack, u32 } from '@millrace/maps'
 *
 * using freeSlots = Stack.create({ name: 'free_slots', value: u32, maxEntries: 256 })
 * for (let slot = 255; slot >= 0; slot--) freeSlots.push(slot)
 * freeSlots.pop()                                           // 0
 * freeSlots.peek()                                          // 1
 * ```
 */
export class Stack<V> extends Line<V> {
  private constructor(raw: RawMap, { value }: ValueCodec<V>) {
    super(raw, value)
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<V>(options: StackOptions<V>): Stack<V> {
    return new Stack(
      kind.create({ key: null, value: options?.value }, options, () => 0, ['value']),
      options,
    )
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of this codec.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<V>(path: string, options: ValueCodec<V> & OpenOptions): Stack<V> {
    return new Stack(kind.open(path, { key: null, value: options?.value }, options, ['value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<V>(raw: RawMap, codec: ValueCodec<V>): Stack<V> {
    return new Stack(kind.check(raw, { key: null, value: codec?.value }), codec)
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<V>(spec: ValueCodec<V> & SpecOptions): MapSpec<Stack<V>> {
    return kind.spec(spec, { key: null, value: spec.value }, (raw) => new Stack(raw, spec))
  }
}
