import type { MapSpec, RawMap } from '@millrace/core'
import { checkOneOf } from '@millrace/core/internal'
import { type DeviceSource, DeviceTable } from './device-table.js'
import { MapKind } from './map-kind.js'
import type { CreateOptions, OpenOptions, SpecOptions } from './map-options.js'
import { checkRedirects, openRedirects, redirectCodecs } from './redirect-table.js'
import { type UpdateMode, updateFlags } from './update-mode.js'

const kind = new MapKind('devmap_hash')

/** What a {@link DevMapHash} is made of. */
export interface DevMapHashOptions extends Omit<CreateOptions, 'programAccess'> {}

/**
 * A hash table of network interfaces, by any 32-bit number, to which XDP programs redirect packets. It is to {@link DevMap}, where
 * redirecting and the life of entries are described, what a hash table is to an array: choose it where the numbers are not small, such
 * as indexes of interfaces or network identifiers.
 *
 * Capacity: exactly `maxEntries`; another key is refused with ERR_MAP_FULL.
 *
 * @kernel 5.4; 5.8 for programs
 *
 * @example
 * ```ts
 * import { DevMapHash } from '@millrace/maps'
 *
 * using tunnels = DevMapHash.create({ name: 'tunnels', maxEntries: 1024 })
 * tunnels.set(4097, 'vxlan7').set(4098, { interface: 'veth0', netns: 'guests' })
 * tunnels.get(4097)                                         // { ifindex: 12, programId: undefined }
 * ```
 */
export class DevMapHash extends DeviceTable {
  private constructor(raw: RawMap) {
    super(raw, 'key')
  }

  /**
   * Makes a table without an object file. Its values have room for a program.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create(options: DevMapHashOptions): DevMapHash {
    return new DevMapHash(kind.create(redirectCodecs, options, () => 0, []))
  }

  /**
   * Opens a pinned table, once sure that it is one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open(path: string, options: OpenOptions = {}): DevMapHash {
    return new DevMapHash(openRedirects(kind, path, options))
  }

  /**
   * A typed table over an open map.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from(raw: RawMap): DevMapHash {
    return new DevMapHash(checkRedirects(kind, raw))
  }

  /** Describes a table of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec(spec: SpecOptions): MapSpec<DevMapHash> {
    const { name, maxEntries } = spec
    return { name, type: 'devmap_hash', maxEntries, wrap: (raw) => new DevMapHash(raw) }
  }

  /**
   * Puts an interface at a key. A packet goes out by the old one or the new one. The map holds the program: it may be closed
   * afterwards.
   *
   * @param mode - `any` (default), or `create`: ERR_KEY_EXISTS when the key has an interface
   * @throws {@link ArgumentError} for what is no key, an interface that does not exist, or a program that was not loaded for such a
   * map
   * @throws {@link InterfaceGoneError} when the interface went away just now
   * @throws {@link MapOperationError} ERR_MAP_FULL, ERR_KEY_EXISTS, ERR_MAP_READ_ONLY ...; ERR_MAP_UNSUPPORTED for a program in a table
   * whose values have 4 bytes: in C, declare them as `struct bpf_devmap_val`
   * @throws {@link MissingCapabilityError} without CAP_SYS_ADMIN, for another network namespace
   * @throws {@link ClosedError} when the map or the program was closed
   */
  set(key: number, device: DeviceSource, mode: Exclude<UpdateMode, 'replace'> = 'any'): this {
    // Asked to replace, the kernel would make an entry.
    this.put(key, device, updateFlags(checkOneOf('mode', mode, ['any', 'create'])))
    return this
  }
}
