import type { MapSpec, RawMap } from '@millrace/core'
import { u32, u64 } from '../codecs/scalars.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import { SocketArray } from './socket-array.js'
import { openSockets, socketCodecs } from './socket-table.js'
import { checkSocketValue, type SocketSpec } from './socket-value.js'

const kind = new MapKind('sockmap')

/** What a {@link SockMap} is made of. */
export interface SockMapOptions extends Omit<CreateOptions, 'programAccess'> {}

/**
 * An array of sockets, by index. Programs that are attached to it (`attachSockMap` of `@millrace/socket`) run for each message that
 * its sockets send or receive, and may redirect it to another socket of the map: it then never reaches the process.
 *
 * Choose it where sockets have numbers, as the two ends of a proxied connection; {@link SockHash} where they are found by
 * addresses or other keys.
 *
 * **What it holds.** A map does not keep a socket open: when the last descriptor of a socket is closed, or its connection is
 * reset, it leaves the map by itself, and `has` is false from then on. A socket whose peer has closed stays until it is closed too.
 *
 * **What a socket runs.** The programs that are attached when it is put in, and no others for as long as it stays in any map. It
 * may be in several maps and at several keys, but get a program of a kind only once: a second is refused with a
 * {@link SocketRefusedError} EBUSY. A map that has no programs takes it at any time, as a place to redirect to.
 *
 * **Closing the map** (or the end of another process that filled it) does not take sockets out: they keep their programs, and these
 * the map, until the sockets are closed or deleted. What is *attached* goes when nobody in user space holds the map any more.
 *
 * Capacity: `maxEntries` indexes, 8 bytes each.
 *
 * @kernel 4.14; 5.7 to read it back, and for listening and UDP sockets
 *
 * @example
 * ```ts
 * import { connect, createServer } from 'node:net'
 * import { SockMap } from '@millrace/maps'
 *
 * using peers = SockMap.create({ name: 'peers', maxEntries: 2 })
 * createServer({ pauseOnConnect: true }, (client) => {
 *   const server = connect(8080, '10.0.0.2', () => peers.set(0, client).set(1, server))
 * }).listen(80)
 * peers.get(0)                              // its cookie: 4711n
 * ```
 */
export class SockMap extends SocketArray {
  private constructor(raw: RawMap) {
    super(raw)
  }

  /**
   * Makes a map without an object file. Its values have 8 bytes, so that it can be read.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create(options: SockMapOptions): SockMap {
    return new SockMap(kind.create({ key: u32, value: u64 }, options, () => 0, []))
  }

  /**
   * Opens a pinned map, once sure that it is one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open(path: string, options: OpenOptions = {}): SockMap {
    return new SockMap(openSockets(kind, path, u32, options, []))
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from(raw: RawMap): SockMap {
    return new SockMap(kind.check(raw, socketCodecs(raw, u32)))
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec(spec: SocketSpec & SpecOptions): MapSpec<SockMap> {
    return kind.spec(spec, { key: u32, value: checkSocketValue(spec) }, (raw) => new SockMap(raw))
  }
}
