import { MapOperationError, type MillraceError, RawMap } from '@millrace/core'
import { checkMap, checkOptions, errno, mapOperationError } from '@millrace/core/internal'
import { u32, u64 } from '../codecs/scalars.js'
import { KernelMap } from './kernel-map.js'
import type { Codecs, MapKind } from './map-kind.js'
import type { OpenOptions } from './map-options.js'
import { descriptorOf, type SocketSource } from './socket-descriptor.js'
import { socketRefusal } from './socket-refusal.js'
import { type UpdateMode, updateFlags } from './update-mode.js'

/** What SockMap, SockHash and ReuseportSockArray have in common: sockets go in by their descriptors, and come out as cookies. */
export abstract class SocketTable<K> extends KernelMap implements Iterable<[K, bigint]> {
  readonly #value: Uint8Array
  readonly #valueView: DataView

  protected constructor(raw: RawMap) {
    super(raw)
    this.#value = new Uint8Array(raw.valueSize)
    this.#valueView = new DataView(this.#value.buffer)
  }

  /**
   * The cookie of the socket at a key, `undefined` when there is none: the number by which the kernel names a socket for as long
   * as the system runs (SO_COOKIE, `ss -e`, in programs `bpf_get_socket_cookie`). The socket itself cannot be had back.
   *
   * @throws {@link MapOperationError} ERR_MAP_UNSUPPORTED for a map whose values have 4 bytes: there is no room for a cookie. In
   * C, declare the values as `__u64`
   * @throws {@link ArgumentError} for a key that does not fit its type, {@link ClosedError}
   *
   * @kernel 5.7
   */
  get(key: K): bigint | undefined {
    return this.#cookie(this.encodeKey(key, 'get'), 'get')
  }

  /** Whether there is a socket at the key. Throws as `get` does. */
  has(key: K): boolean {
    return this.#cookie(this.encodeKey(key, 'has'), 'has') !== undefined
  }

  /**
   * Puts a socket at a key, in place of the one that is there. From then on the socket runs the programs that are attached to
   * the map **at this moment**: attach first.
   *
   * @param socket - its descriptor, or the `net.Socket` or `net.Server` that has it. TCP: established or listening (Linux 5.7).
   * UDP: Linux 5.7. Unix: connected, Linux 5.15. It may be closed at any time: closing takes it out of the map
   * @param mode - `any` (default), `create` only or `replace` only
   * @throws {@link SocketRefusedError} for a socket of another kind, in the wrong state, or that has a program of the same kind
   * already; it says what was expected
   * @throws {@link ArgumentError} for what is no open socket, a Node.js object without a descriptor, or a key that does not fit its type
   * @throws {@link MapOperationError} ERR_MAP_FULL, ERR_INDEX_OUT_OF_RANGE, ERR_KEY_EXISTS, ERR_KEY_MISSING ...
   * @throws {@link ClosedError}
   */
  set(key: K, socket: SocketSource, mode: UpdateMode = 'any'): this {
    const flags = updateFlags(mode)
    const descriptor = descriptorOf('socket', socket)
    const bytes = this.encodeKey(key, 'set')
    this.#value.fill(0)
    this.#valueView.setUint32(0, descriptor, true)
    const result = this.raw.update(bytes, this.#value, flags)
    if (result !== 0) throw this.refusal(descriptor, result)
    return this
  }

  /**
   * Takes a socket out; it stays open. Out of its last map it is an ordinary socket again, and goes on without programs. False when
   * there was none. What was redirected to it and it has not sent yet may be lost.
   *
   * @throws {@link MapOperationError}, {@link ArgumentError}, {@link ClosedError}
   */
  delete(key: K): boolean {
    return this.#delete(this.encodeKey(key, 'delete'), 'delete')
  }

  /** Keys that have a socket, with its cookie. `for (const [key, cookie] of map)` is the same. Throws as `get` does. */
  *entries(): IterableIterator<[K, bigint]> {
    for (const bytes of this.keyBytes()) {
      const cookie = this.#cookie(bytes, 'read entries')
      if (cookie !== undefined) yield [this.decodeKey(bytes), cookie]
    }
  }

  abstract keys(): IterableIterator<K>

  /** The cookies, as `entries` gives them. */
  *values(): IterableIterator<bigint> {
    for (const [, cookie] of this.entries()) yield cookie
  }

  /** Takes all sockets out, one by one. */
  clear(): void {
    for (const bytes of this.keyBytes()) this.#delete(bytes, 'clear')
  }

  [Symbol.iterator](): IterableIterator<[K, bigint]> {
    return this.entries()
  }

  /** The error for a socket that the kernel did not put in. */
  protected refusal(descriptor: number, result: number): MillraceError {
    return socketRefusal(this.raw, descriptor, result)
  }

  /** In a place of its own: reading a caller's fields may use this map. */
  protected abstract encodeKey(key: K, operation: string): Uint8Array
  protected abstract decodeKey(bytes: Uint8Array): K
  /** Those that may have a socket; read each before the next is asked for. */
  protected abstract keyBytes(): Iterable<Uint8Array>

  #cookie(key: Uint8Array, operation: string): bigint | undefined {
    if (this.#value.length < u64.size) throw withoutCookies(this.raw, operation)
    const result = this.raw.lookup(key, this.#value)
    if (result === 0) return this.#valueView.getBigUint64(0, true)
    if (result === -errno.ENOENT) return undefined
    throw mapOperationError(this.raw, operation, result)
  }

  #delete(key: Uint8Array, operation: string): boolean {
    const result = this.raw.delete(key)
    if (result === 0) return true
    // What a SockMap says of an empty index.
    if (result === -errno.ENOENT || (result === -errno.EINVAL && this.type === 'sockmap')) return false
    throw mapOperationError(this.raw, operation, result)
  }
}

/** Codecs by which a map of sockets is checked: its values may have room for a descriptor only. */
export function socketCodecs(raw: RawMap, key: Codecs['key']): Codecs {
  checkMap('raw', raw)
  return { key, value: raw.valueSize === u32.size ? u32 : u64 }
}

export function openSockets(
  kind: MapKind,
  path: string,
  key: Codecs['key'],
  options: OpenOptions,
  own: readonly string[],
): RawMap {
  checkOptions('options', options, ['maxEntries', 'access', ...own])
  const raw = RawMap.open(path, { access: options.access })
  try {
    return kind.check(raw, socketCodecs(raw, key), options.maxEntries, path)
  } catch (error) {
    raw.close()
    throw error
  }
}

function withoutCookies({ name, valueSize }: RawMap, operation: string): MapOperationError {
  const reason = `its values have ${valueSize} bytes, too few for a socket's cookie: make them __u64 (ENOSPC)`
  return new MapOperationError({ code: 'ERR_MAP_UNSUPPORTED', map: name, operation, errno: errno.ENOSPC, reason })
}
