import { ArgumentError, type Codec, type MapSpec, type MillraceError, type RawMap } from '@millrace/core'
import { checkBoolean, checkOptions, errno, mapOperationError } from '@millrace/core/internal'
import { i32 } from '../codecs/scalars.js'
import { rejectArgument } from './arguments.js'
import type { ValueCodec } from './array-map.js'
import { KernelMap } from './kernel-map.js'
import { mapFlags } from './map-flags.js'
import { type Codecs, MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import { descriptorOf, type SocketSource } from './socket-descriptor.js'
import { type UpdateMode, updateFlags } from './update-mode.js'

const kind = new MapKind('sk_storage')

/** BPF_F_CLONE of linux/bpf.h. */
const cloned = 1 << 9

/** What a {@link SocketStorage} is made of. */
export interface SocketStorageOptions<V> extends ValueCodec<V>, Omit<CreateOptions, 'maxEntries' | 'programAccess'> {
  /**
   * whether a connection begins with a copy of the value that the listening socket has; default false
   *
   * @kernel 5.4
   */
  readonly clone?: boolean | undefined
}

/**
 * A value for each socket that has one, kept with the socket itself: programs reach it from the socket by a pointer or two,
 * `bpf_sk_storage_get(&map, sk, 0, BPF_SK_STORAGE_GET_F_CREATE)`, without a key and without a table. Choose it for what belongs to a
 * socket, as counters, limits or marks: the value comes into being when it is asked for, and goes with the socket. What is found by
 * an address or by the number of a connection belongs into a {@link HashMap}.
 *
 * A socket is named by the process that has it: the `net.Socket`, the `net.Server` or the number of a descriptor goes in as the key.
 * There is no way from a map to its sockets, so it cannot be iterated. The connections of a listening socket begin without a value, or
 * with a copy of its own (`clone`; in C, BPF_F_CLONE).
 *
 * Capacity: as many sockets as there are. The memory of the value counts as the socket's own: ERR_MAP_MEMORY, in programs no
 * value, when a socket has more than `net.core.optmem_max` bytes (20 KiB or more) of such things.
 *
 * A kernel makes such a map with types only: from an object file it has those of the C, and `create` makes some that say how
 * long values are, and no more.
 *
 * @typeParam V - what values are in TypeScript
 *
 * @kernel 5.2
 *
 * @example
 * ```ts
 * import { connect } from 'node:net'
 * import { SocketStorage, struct, u64 } from '@millrace/maps'
 *
 * const Traffic = struct({ packets: u64, bytes: u64 })
 * using traffic = SocketStorage.create({ name: 'traffic', value: Traffic })
 * const socket = connect(443, '192.0.2.1', () => {
 *   traffic.set(socket, { packets: 0n, bytes: 0n }, 'create')
 *   socket.once('end', () => console.log(traffic.get(socket)?.bytes))
 * })
 * ```
 */
export class SocketStorage<V> extends KernelMap {
  readonly #codec: Codec<V>
  readonly #key = new Uint8Array(4)
  readonly #keyView = new DataView(this.#key.buffer)

  private constructor(raw: RawMap, { value }: ValueCodec<V>) {
    super(raw)
    this.#codec = value
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<V>(options: SocketStorageOptions<V>): SocketStorage<V> {
    checkOptions('options', options, ['name', 'value', 'clone'])
    const unbounded = { ...options, maxEntries: 0 }
    return new SocketStorage(kind.create(codecsOf(options), unbounded, flagsOf, ['value', 'clone']), options)
  }

  /**
   * Opens a pinned map, once sure that it is of this kind and of this codec.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<V>(path: string, options: ValueCodec<V> & Omit<OpenOptions, 'maxEntries'>): SocketStorage<V> {
    return new SocketStorage(kind.open(path, codecsOf(options), options, ['value']), options)
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<V>(raw: RawMap, codec: ValueCodec<V>): SocketStorage<V> {
    return new SocketStorage(kind.check(raw, codecsOf(codec)), codec)
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<V>(spec: ValueCodec<V> & SpecOptions): MapSpec<SocketStorage<V>> {
    return kind.spec(spec, { key: null, value: spec.value }, (raw) => new SocketStorage(raw, spec))
  }

  /**
   * The value of a socket, `undefined` when it has none.
   *
   * @throws {@link ArgumentError} for what is no open socket, or a Node.js object without a descriptor
   * @throws {@link MapOperationError}, {@link ClosedError}
   */
  get(socket: SocketSource): V | undefined {
    const descriptor = this.#encodeKey(socket)
    const value = new Uint8Array(this.raw.valueSize)
    const result = this.raw.lookup(this.#key, value)
    if (result === 0) return this.#codec.decode(new DataView(value.buffer), 0)
    if (result === -errno.ENOENT) return undefined
    throw refusal(this.raw, 'get', descriptor, result)
  }

  /** Whether the socket has a value. Throws as `get` does. */
  has(socket: SocketSource): boolean {
    return this.get(socket) !== undefined
  }

  /**
   * Gives a socket a value. Programs see the old one or the new one, whole; what one that runs meanwhile still counts in the old one
   * is lost.
   *
   * @param socket - its descriptor, or the `net.Socket` or `net.Server` that has it; of any kind, encrypted or not
   * @param mode - `any` (default), `create` only or `replace` only
   * @throws {@link ArgumentError} for what is no open socket, a Node.js object without a descriptor, or a value that does not fit its
   * type
   * @throws {@link MapOperationError} ERR_KEY_EXISTS, ERR_KEY_MISSING, ERR_MAP_READ_ONLY, ERR_MAP_MEMORY ...
   * @throws {@link ClosedError}
   */
  set(socket: SocketSource, value: V, mode: UpdateMode = 'any'): this {
    const flags = updateFlags(mode)
    const bytes = this.#encodeValue(value)
    const descriptor = this.#encodeKey(socket)
    const result = this.raw.update(this.#key, bytes, flags)
    if (result !== 0) throw refusal(this.raw, 'set', descriptor, result)
    return this
  }

  /** Takes the value from a socket. False when it had none. Throws as `get` does. */
  delete(socket: SocketSource): boolean {
    const descriptor = this.#encodeKey(socket)
    const result = this.raw.delete(this.#key)
    if (result === 0) return true
    if (result === -errno.ENOENT) return false
    throw refusal(this.raw, 'delete', descriptor, result)
  }

  #encodeKey(socket: SocketSource): number {
    const descriptor = descriptorOf('socket', socket, true)
    this.#keyView.setInt32(0, descriptor, true)
    return descriptor
  }

  /** In a place of its own: reading a caller's fields may use this map. */
  #encodeValue(value: V): Uint8Array {
    const bytes = new Uint8Array(this.raw.valueSize)
    try {
      this.#codec.encode(value, new DataView(bytes.buffer), 0)
    } catch (error) {
      rejectArgument(error, 'value', value)
    }
    return bytes
  }
}

function flagsOf({ clone = false }: Pick<SocketStorageOptions<unknown>, 'clone'>): number {
  return mapFlags.noPreallocation | (checkBoolean('options.clone', clone) ? cloned : 0)
}

function codecsOf(options: ValueCodec<unknown> | undefined): Codecs {
  return { key: i32, value: options?.value as Codec<unknown> }
}

function refusal(raw: RawMap, operation: string, descriptor: number, result: number): MillraceError {
  const isNoSocket = result === -errno.EBADF || result === -errno.ENOTSOCK
  if (!isNoSocket || raw.closed) return mapOperationError(raw, operation, result)
  return new ArgumentError({ argument: 'socket', value: descriptor, expected: 'the descriptor of an open socket' })
}
