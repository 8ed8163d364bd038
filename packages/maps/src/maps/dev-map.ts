import type { MapSpec, RawMap } from '@millrace/core'
import { type DeviceSource, DeviceTable } from './device-table.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import { checkRedirects, openRedirects, redirectCodecs } from './redirect-table.js'

const kind = new MapKind('devmap')

/** What a {@link DevMap} is made of. */
export interface DevMapOptions extends Omit<CreateOptions, 'programAccess'> {}

/**
 * An array of network interfaces, by index, to which XDP programs redirect packets: `bpf_redirect_map(&ports, index, XDP_PASS)`
 * sends one out without the kernel's network stack, and with `BPF_F_BROADCAST | BPF_F_EXCLUDE_INGRESS` (Linux 5.14) out of all but
 * the one it came by. Choose it for ports that have small numbers; {@link DevMapHash} where the numbers are anything, such
 * as indexes of interfaces.
 *
 * **What it holds.** An interface that is deleted, or moved to another network namespace, leaves the map by itself; it does not come
 * back when one of the same name is made. `bpf_redirect_map` to an empty index returns the lowest two bits of its flags, the action
 * that was meant for that: XDP_PASS above. The interface may be in any network namespace, also another one than the program.
 *
 * **What arrives.** The interface's driver has to take packets of XDP: a veth does where its *other* end has an XDP program or GRO
 * on. What it cannot take is dropped and counted (tracepoint `xdp:xdp_devmap_xmit`), and no error to the program.
 *
 * Capacity: `maxEntries` indexes, 8 bytes each, and a queue per CPU for each interface that is in.
 *
 * @kernel 4.14; 5.8 for programs
 *
 * @example
 * ```ts
 * import { DevMap } from '@millrace/maps'
 *
 * using ports = DevMap.create({ name: 'ports', maxEntries: 64 })
 * ports.set(0, 'eth0').set(1, { interface: 'eth1' })
 * ports.get(0)                                              // { ifindex: 2, programId: undefined }
 * for (const [port, { ifindex }] of ports) console.log(port, ifindex)
 * ```
 */
export class DevMap extends DeviceTable {
  private constructor(raw: RawMap) {
    super(raw, 'index')
  }

  /**
   * Makes a map without an object file. Its values have room for a program.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create(options: DevMapOptions): DevMap {
    return new DevMap(kind.create(redirectCodecs, options, () => 0, []))
  }

  /**
   * Opens a pinned map, once sure that it is one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open(path: string, options: OpenOptions = {}): DevMap {
    return new DevMap(openRedirects(kind, path, options))
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from(raw: RawMap): DevMap {
    return new DevMap(checkRedirects(kind, raw))
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec(spec: SpecOptions): MapSpec<DevMap> {
    const { name, maxEntries } = spec
    return { name, type: 'devmap', maxEntries, wrap: (raw) => new DevMap(raw) }
  }

  /**
   * Puts an interface at an index, in place of the one that is there. A packet goes out by the old one or the new one. The
   * map holds the program: it may be closed afterwards.
   *
   * @throws {@link ArgumentError} for what is no index, an interface that does not exist, or a program that was not loaded for
   * such a map
   * @throws {@link InterfaceGoneError} when the interface went away just now
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_MAP_READ_ONLY ...; ERR_MAP_UNSUPPORTED for a program in a map whose
   * values have 4 bytes: in C, declare them as `struct bpf_devmap_val`
   * @throws {@link MissingCapabilityError} without CAP_SYS_ADMIN, for another network namespace
   * @throws {@link ClosedError} when the map or the program was closed
   */
  set(index: number, device: DeviceSource): this {
    this.put(index, device, 0)
    return this
  }
}
