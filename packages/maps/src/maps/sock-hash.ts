import type { Codec, MapSpec, RawMap } from '@millrace/core'
import { u64 } from '../codecs/scalars.js'
import { walkKeysAlone } from '../iteration/key-walk.js'
import { rejectArgument } from './arguments.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import { openSockets, SocketTable, socketCodecs } from './socket-table.js'
import { checkSocketValue, type SocketSpec } from './socket-value.js'

const kind = new MapKind('sockhash')

/** How the keys of a {@link SockHash} become bytes. */
export interface SockHashKey<K> {
  readonly key: Codec<K>
}

/** What a {@link SockHash} is made of. */
export interface SockHashOptions<K> extends SockHashKey<K>, Omit<CreateOptions, 'programAccess'> {}

/**
 * A hash table of sockets, by any key. It is to {@link SockMap}, where its programs, its sockets and its life are described, what a
 * hash table is to an array: choose it where a program finds a socket by what it knows of it, as its addresses and ports, and
 * where sockets come and go; a `sock_ops` program can put every connection of a control group in by itself.
 *
 * Capacity: exactly `maxEntries`; another key is refused with ERR_MAP_FULL, in programs with E2BIG. A key has up to 512 bytes. Kernels
 * do not tell the names and types of a key's fields: of a pinned table only its size is compared.
 *
 * @typeParam K - what keys are in TypeScript
 *
 * @kernel 4.18; 5.7 to read it back, and for listening and UDP sockets
 *
 * @example
 * ```ts
 * import { createServer } from 'node:net'
 * import { ipv4, SockHash, struct, u16be } from '@millrace/maps'
 *
 * const Client = struct({ address: ipv4, port: u16be })
 * using clients = SockHash.create({ name: 'clients', key: Client, maxEntries: 10_000 })
 * createServer((socket) => {
 *   clients.set({ address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }, socket)
 * }).listen(80, '0.0.0.0')
 * for (const [{ address, port }, cookie] of clients) console.log(address, port, cookie)
 * ```
 */
export class SockHash<K> extends SocketTable<K> {
  readonly #codec: Codec<K>

  private constructor(raw: RawMap, { key }: SockHashKey<K>) {
    super(raw)
    this.#codec = key
  }

  /**
   * Makes a table without an object file. Its values have 8 bytes, so that it can be read.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create<K>(options: SockHashOptions<K>): SockHash<K> {
    return new SockHash(
      kind.create({ key: options?.key, value: u64 }, options, () => 0, ['key']),
      options,
    )
  }

  /**
   * Opens a pinned table, once sure that it is one and has keys of this size.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open<K>(path: string, options: SockHashKey<K> & OpenOptions): SockHash<K> {
    return new SockHash(openSockets(kind, path, options?.key, options, ['key']), options)
  }

  /**
   * A typed table over an open map.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from<K>(raw: RawMap, options: SockHashKey<K>): SockHash<K> {
    return new SockHash(kind.check(raw, socketCodecs(raw, options?.key)), options)
  }

  /** Describes a table of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec<K>(spec: SockHashKey<K> & SocketSpec & SpecOptions): MapSpec<SockHash<K>> {
    return kind.spec(spec, { key: spec.key, value: checkSocketValue(spec) }, (raw) => new SockHash(raw, spec))
  }

  /**
   * Keys that have a socket, in no order; also of a table whose values have 4 bytes. A key that stays comes exactly once, whatever
   * happens to the table meanwhile.
   *
   * @throws {@link MapOperationError} ERR_MAP_CHANGED when it changes faster than it can be read
   */
  override *keys(): IterableIterator<K> {
    for (const bytes of this.keyBytes()) yield this.decodeKey(bytes)
  }

  protected override encodeKey(key: K): Uint8Array {
    const bytes = new Uint8Array(this.raw.keySize)
    try {
      this.#codec.encode(key, new DataView(bytes.buffer), 0)
    } catch (error) {
      rejectArgument(error, 'key', key)
    }
    return bytes
  }

  protected override decodeKey(bytes: Uint8Array): K {
    return this.#codec.decode(new DataView(bytes.buffer), 0)
  }

  protected override keyBytes(): Iterable<Uint8Array> {
    return walkKeysAlone(this.raw)
  }
}
