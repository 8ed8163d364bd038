import type { Codec } from '@millrace/core'
import type { CreateOptions, SpecOptions } from './map-options.js'
import type { PerCpuArrayMap } from './per-cpu-array-map.js'

/** What a ring buffer's records are, and who counts those that found it full. */
export interface RingBufferCodec<E> {
  readonly event: Codec<E>
  /** one counter for each CPU, at index 0; `MR_EVENTS` of `millrace/events.h` declares it as `<name>_overruns` */
  readonly overruns?: PerCpuArrayMap<bigint> | undefined
}

/**
 * What a {@link RingBuffer} is made of; `maxEntries` is its size in bytes, a power of two and a multiple of the page
 * size.
 */
export interface RingBufferOptions<E> extends RingBufferCodec<E>, Omit<CreateOptions, 'programAccess'> {}

/** A ring buffer of an object file; `overruns` is the C name of the map that counts. */
export interface RingBufferSpec<E> extends SpecOptions {
  readonly event: Codec<E>
  readonly overruns?: string | undefined
}
