import { ArgumentError, type MapSpec, type MillraceError, type RawMap } from '@millrace/core'
import { errno, mapOperationError } from '@millrace/core/internal'
import { u32, u64 } from '../codecs/scalars.js'
import { SocketRefusedError } from '../errors/socket-refused-error.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import { SocketArray } from './socket-array.js'
import { describeSocket } from './socket-description.js'
import type { SocketSource } from './socket-descriptor.js'
import { openSockets, socketCodecs } from './socket-table.js'
import type { UpdateMode } from './update-mode.js'

const kind = new MapKind('reuseport_sockarray')

/** What a {@link ReuseportSockArray} is made of. */
export interface ReuseportSockArrayOptions extends Omit<CreateOptions, 'programAccess'> {}

/**
 * An array of sockets that share an address and a port by SO_REUSEPORT. A program of kind `sk_reuseport`, attached to the group by
 * `attachReuseport` of `@millrace/socket`, chooses the one that gets a connection or a datagram:
 * `bpf_sk_select_reuseport(context, &sockets, &index, 0)`. Choose it where the kernel's own choice, by a hash, is not what is wanted:
 * the same worker for the same client, a new process taking over while the old one finishes, queues by processor.
 *
 * **What it holds.** TCP sockets that listen and UDP sockets that are bound, with SO_REUSEPORT set before; each in one array and at one
 * index only. A socket that is closed leaves by itself; so do all when nobody, no program included, has the array any
 * more. Where the program passes a packet and has chosen none, as its index was empty, the kernel chooses as it would without.
 *
 * Node.js sets SO_REUSEPORT by `listen({ reusePort: true })` from version 23.1 on. Sockets of other origin, as of systemd, come in
 * by the numbers of their descriptors.
 *
 * Capacity: `maxEntries` indexes, 8 bytes each.
 *
 * @kernel 4.19; programs of section `sk_reuseport/migrate`, which also choose for connections whose listener closes, 5.14
 *
 * @example
 * ```ts
 * import { createServer } from 'node:net'
 * import { ReuseportSockArray } from '@millrace/maps'
 *
 * using workers = ReuseportSockArray.create({ name: 'workers', maxEntries: 4 })
 * const server = createServer((socket) => socket.end('hello\n'))
 * server.listen({ port: 80, reusePort: true }, () => workers.set(0, server))
 * ```
 */
export class ReuseportSockArray extends SocketArray {
  private constructor(raw: RawMap) {
    super(raw)
  }

  /**
   * Makes an array without an object file. Its values have 8 bytes, so that it can be read.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create(options: ReuseportSockArrayOptions): ReuseportSockArray {
    return new ReuseportSockArray(kind.create({ key: u32, value: u64 }, options, () => 0, []))
  }

  /**
   * Opens a pinned array, once sure that it is one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open(path: string, options: OpenOptions = {}): ReuseportSockArray {
    return new ReuseportSockArray(openSockets(kind, path, u32, options, []))
  }

  /**
   * A typed array over an open map.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from(raw: RawMap): ReuseportSockArray {
    return new ReuseportSockArray(kind.check(raw, socketCodecs(raw, u32)))
  }

  /** Describes an array of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec({ name, maxEntries }: SpecOptions): MapSpec<ReuseportSockArray> {
    return { name, type: 'reuseport_sockarray', maxEntries, wrap: (raw) => new ReuseportSockArray(raw) }
  }

  /**
   * Puts a socket at an index, in place of the one that is there. A connection or datagram goes to the old one or the new one.
   *
   * @param socket - its descriptor, or the `net.Server` that has it; it may be closed at any time: closing takes it out of the array
   * @param mode - `any` (default), `create` only or `replace` only
   * @throws {@link SocketRefusedError} for a socket of another kind, without SO_REUSEPORT, that does not listen or is not bound, or
   * that is in such an array already; it says what was expected
   * @throws {@link ArgumentError} for what is no open socket, a Node.js object without a descriptor, or no index
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_KEY_EXISTS, ERR_KEY_MISSING ...
   * @throws {@link ClosedError}
   */
  override set(index: number, socket: SocketSource, mode: UpdateMode = 'any'): this {
    return super.set(index, socket, mode)
  }

  /**
   * Takes a socket out; it stays open and in its group. False when there was none.
   *
   * @throws {@link MapOperationError}, {@link ArgumentError}, {@link ClosedError}
   */
  override delete(index: number): boolean {
    return super.delete(index)
  }

  protected override refusal(descriptor: number, result: number): MillraceError {
    const refused = (expected: string) => {
      const socket = describeSocket(descriptor)
      return new SocketRefusedError({ map: this.name, descriptor, socket, errno: result, expected })
    }
    switch (-result) {
      case errno.EBADF:
      case errno.ENOTSOCK:
        if (this.closed) break
        return new ArgumentError({
          argument: 'socket',
          value: descriptor,
          expected: 'the descriptor of an open socket',
        })
      case errno.ENOTSUPP:
      case errno.EOPNOTSUPP:
        return refused('a TCP or UDP socket')
      case errno.EINVAL:
        return refused('a TCP socket that listens, or a UDP socket that is bound, with SO_REUSEPORT set before')
      case errno.EBUSY:
        return refused('a socket that is in no such array yet: delete it from the one that has it first')
    }
    return mapOperationError(this.raw, 'set', result)
  }
}
