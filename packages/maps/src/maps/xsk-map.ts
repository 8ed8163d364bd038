import { ArgumentError, type MapSpec, type MillraceError, type RawMap } from '@millrace/core'
import { checkInteger, errno, mapOperationError } from '@millrace/core/internal'
import { u32 } from '../codecs/scalars.js'
import { SocketRefusedError } from '../errors/socket-refused-error.js'
import { KernelMap } from './kernel-map.js'
import { type Codecs, MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import { describeSocket } from './socket-description.js'
import { type UpdateMode, updateFlags } from './update-mode.js'

const kind = new MapKind('xskmap')
const codecs: Codecs = { key: u32, value: u32 }

/** What an {@link XskMap} is made of. */
export interface XskMapOptions extends Omit<CreateOptions, 'programAccess'> {}

/**
 * An array of AF_XDP sockets, by index, to which XDP programs redirect packets: they come into memory that a process has shared with
 * the kernel, past its network stack. `bpf_redirect_map(&sockets, xdp->rx_queue_index, XDP_PASS)` hands a packet to the socket
 * of the queue that it came by, and passes it on where there is none (Linux 5.3).
 *
 * Node.js has no AF_XDP sockets. They come from a library or a process that makes them, by the numbers of their descriptors; this map is
 * where they are put in. A socket gets packets only of the interface and the queue that it is bound to: the program drops what it
 * redirects to another.
 *
 * **What it holds.** A socket that is closed leaves the map by itself. The kernel does not tell what is in it: there is no `get`, no
 * `has`, and it cannot be iterated.
 *
 * Capacity: `maxEntries` indexes, 8 bytes each.
 *
 * @kernel 4.18
 *
 * @example
 * ```ts
 * import { XskMap } from '@millrace/maps'
 *
 * using sockets = XskMap.create({ name: 'sockets', maxEntries: 8 })
 * const inherited = Number(process.env.XSK_FD)
 * sockets.set(0, inherited)
 * ```
 */
export class XskMap extends KernelMap {
  private constructor(raw: RawMap) {
    super(raw)
  }

  /**
   * Makes a map without an object file.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create(options: XskMapOptions): XskMap {
    return new XskMap(kind.create(codecs, options, () => 0, []))
  }

  /**
   * Opens a pinned map, once sure that it is one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open(path: string, options: OpenOptions = {}): XskMap {
    return new XskMap(kind.open(path, codecs, options, []))
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from(raw: RawMap): XskMap {
    return new XskMap(kind.check(raw, codecs))
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec({ name, maxEntries }: SpecOptions): MapSpec<XskMap> {
    return { name, type: 'xskmap', maxEntries, wrap: (raw) => new XskMap(raw) }
  }

  /**
   * Puts a socket at an index, in place of the one that is there.
   *
   * @param descriptor - of an AF_XDP socket; until that is bound, and has its memory and its rings, what is redirected to it is dropped.
   * It may be closed at any time: closing takes it out of the map
   * @param mode - `any` (default), `create` only or `replace` only
   * @throws {@link SocketRefusedError} for a socket of another kind, in older kernels also for one that is not set up
   * @throws {@link ArgumentError} for what is no open socket, or no index
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_KEY_EXISTS, ERR_KEY_MISSING, ERR_MAP_READ_ONLY ...
   * @throws {@link ClosedError}
   */
  set(index: number, descriptor: number, mode: UpdateMode = 'any'): this {
    const flags = updateFlags(mode)
    checkInteger('descriptor', descriptor, 0, 0x7fff_ffff)
    const result = this.raw.update(this.#keyOf(index, 'set'), words(descriptor), flags)
    if (result !== 0) throw refusal(this.raw, descriptor, result)
    return this
  }

  /**
   * Takes a socket out; it stays open. The kernel does not tell whether there was one.
   *
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_MAP_READ_ONLY ...
   * @throws {@link ArgumentError} for what is no index, {@link ClosedError}
   */
  delete(index: number): void {
    const result = this.raw.delete(this.#keyOf(index, 'delete'))
    if (result !== 0) throw mapOperationError(this.raw, 'delete', result)
  }

  /** Takes all sockets out, one by one. */
  clear(): void {
    for (let index = 0; index < this.maxEntries; index++) this.delete(index)
  }

  #keyOf(index: number, operation: string): Uint8Array {
    checkInteger('index', index, 0, 0xffff_ffff)
    if (index >= this.maxEntries) throw mapOperationError(this.raw, operation, errno.E2BIG)
    return words(index)
  }
}

function words(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

function refusal(raw: RawMap, descriptor: number, result: number): MillraceError {
  switch (-result) {
    case errno.EBADF:
    case errno.ENOTSOCK:
      if (raw.closed) break
      return new ArgumentError({ argument: 'descriptor', value: descriptor, expected: 'that of an open AF_XDP socket' })
    case errno.EOPNOTSUPP:
      return new SocketRefusedError({
        map: raw.name,
        descriptor,
        socket: describeSocket(descriptor),
        errno: result,
        expected: 'an AF_XDP socket, in older kernels one that is bound and has its memory and rings',
      })
  }
  return mapOperationError(raw, 'set', result)
}
