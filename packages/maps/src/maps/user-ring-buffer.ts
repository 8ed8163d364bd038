import { MapOperationError, type MapSpec, type RawMap, UserRingWriter } from '@millrace/core'
import { errno } from '@millrace/core/internal'
import { checkCodec } from '../codecs/check-codec.js'
import { KeylessMap } from './keyless-map.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import type { EventCodec } from './perf-event-array.js'
import { checkRingSize, nothing } from './ring-size.js'

/**
 * What a {@link UserRingBuffer} is made of; `maxEntries` is its size in bytes, a power of two and a multiple of the page
 * size.
 */
export interface UserRingBufferOptions<E> extends EventCodec<E>, Omit<CreateOptions, 'programAccess'> {}

const kind = new MapKind('user_ringbuf')
const codecs = { key: nothing, value: nothing }

/**
 * Events from this process to programs, in order: a program reads them with `bpf_user_ringbuf_drain`, when it runs.
 * Choose it for commands and settings that programs are to go through one by one; for state, a map of keys and values is
 * better. Writing is a copy into memory that the kernel shares with this process: no system call, and nobody is woken.
 *
 * A ring that is full refuses events until a program has drained some. An event takes 8 bytes more than its size,
 * rounded up to 8. A ring has one writer: two at once, in one process or several, would write over each other.
 *
 * @kernel 6.1
 *
 * @example
 * ```ts
 * import { struct, u32, UserRingBuffer } from '@millrace/maps'
 *
 * const Command = struct({ verb: u32, argument: u32 })
 * using commands = UserRingBuffer.open('/sys/fs/bpf/commands', { event: Command })
 * commands.push({ verb: 1, argument: 7 })
 * if (!commands.tryPush({ verb: 2, argument: 0 })) console.log('the program is behind')
 * ```
 */
export class UserRingBuffer<E> extends KeylessMap<E> {
  #opened: UserRingWriter | undefined

  private constructor(raw: RawMap, { event }: EventCodec<E>) {
    super(raw, event, event.size)
  }

  /**
   * Makes a user ring buffer without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   * @throws {@link UnsupportedKernelError} before Linux 6.1
   */
  static create<E>(options: UserRingBufferOptions<E>): UserRingBuffer<E> {
    checkCodec('options.event', options?.event)
    checkRingSize(options.maxEntries)
    return new UserRingBuffer(
      kind.create(codecs, options, () => 0, ['event']),
      options,
    )
  }

  /**
   * Opens a pinned user ring buffer, once sure that it is one. The kernel does not know of what its records are.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<E>(path: string, options: EventCodec<E> & Omit<OpenOptions, 'access'>): UserRingBuffer<E> {
    checkCodec('options.event', options?.event)
    return new UserRingBuffer(kind.open(path, codecs, options, ['event']), options)
  }

  /**
   * A typed user ring buffer over an open map.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<E>(raw: RawMap, codec: EventCodec<E>): UserRingBuffer<E> {
    checkCodec('options.event', codec?.event)
    return new UserRingBuffer(kind.check(raw, codecs), codec)
  }

  /** Describes a user ring buffer of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<E>({ name, maxEntries, event }: EventCodec<E> & SpecOptions): MapSpec<UserRingBuffer<E>> {
    return { name, type: 'user_ringbuf', maxEntries, event, wrap: (raw) => new UserRingBuffer(raw, { event }) }
  }

  /**
   * Puts an event in.
   *
   * @throws {@link MapOperationError} ERR_MAP_FULL when there is no room until a program has drained some
   * @throws {@link ArgumentError} for an event that does not fit its type, {@link ClosedError}
   */
  push(event: E): this {
    if (this.#write(event)) return this
    const reason = 'the ring is full until a program drains it (ENOSPC)'
    throw new MapOperationError({
      code: 'ERR_MAP_FULL',
      map: this.name,
      operation: 'push',
      errno: errno.ENOSPC,
      reason,
    })
  }

  /**
   * Puts an event in, if there is room; whether there was.
   *
   * @throws {@link ArgumentError} for an event that does not fit its type, {@link ClosedError}
   */
  tryPush(event: E): boolean {
    return this.#write(event)
  }

  /** Gives the descriptor and the mapped memory back; programs still read what is in it. A second call does nothing. */
  override close(): void {
    super.close()
    this.#opened?.close()
  }

  #write(event: E): boolean {
    this.encode(event, 'event')
    // Once closed, the map says so.
    if (this.closed || this.#opened === undefined) this.#opened = UserRingWriter.of(this.raw)
    return this.#opened.write(this.buffer)
  }
}
