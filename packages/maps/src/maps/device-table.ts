import { ArgumentError, InterfaceGoneError, type MillraceError, type Program, type RawMap } from '@millrace/core'
import {
  checkOptions,
  errno,
  type Interface,
  interfaceExists,
  mapOperationError,
  nativeBinding,
  resolveInterface,
} from '@millrace/core/internal'
import { redirectProgram, refusedProgram } from './redirect-program.js'
import { RedirectTable, withoutPrograms } from './redirect-table.js'

/**
 * Where a {@link DevMap} or {@link DevMapHash} sends packets.
 *
 * @example
 * ```ts
 * import type { DeviceTarget } from '@millrace/maps'
 *
 * const uplink: DeviceTarget = { interface: 'eth0' }
 * const guest: DeviceTarget = { interface: 'veth7', netns: 'guests' }
 * ```
 */
export interface DeviceTarget {
  /** name or index */
  readonly interface: string | number
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
  /**
   * runs over each packet before it leaves by this interface, and may change or drop it: section `xdp/devmap`
   *
   * @kernel 5.8
   */
  readonly program?: Program<'xdp'> | undefined
}

/** The name or the index of an interface of this network namespace, or more about it. */
export type DeviceSource = string | number | DeviceTarget

/** What a {@link DevMap} or {@link DevMapHash} says of an entry. */
export interface DeviceEntry {
  /** in the network namespace of the interface, which the kernel does not tell */
  readonly ifindex: number
  /** of the program that runs before a packet leaves; `Program.openById` opens it */
  readonly programId: number | undefined
}

interface Device {
  readonly iface: Interface
  readonly program: Program<'xdp'> | undefined
}

/** What DevMap and DevMapHash have in common. */
export abstract class DeviceTable extends RedirectTable<DeviceEntry> {
  protected override decode(ifindex: number, programId: number | undefined): DeviceEntry {
    return { ifindex, programId }
  }

  /** @param flags - BPF_ANY ... */
  protected put(key: number, source: DeviceSource, flags: number): void {
    const { iface, program } = deviceOf(source)
    const descriptor = redirectProgram('device.program', program, 'devmap')
    if (program !== undefined && !this.holdsPrograms) throw withoutPrograms(this.raw, 'struct bpf_devmap_val')
    const { handle } = this.raw
    const result = this.write(key, { number: iface.index, program: descriptor }, (bytes, value) =>
      nativeBinding().mapUpdateInNetns(handle, bytes, value, flags, iface.netns),
    )
    if (result !== 0) throw refusal(this.raw, { iface, program }, result)
  }
}

function deviceOf(source: DeviceSource): Device {
  if (typeof source === 'string' || typeof source === 'number') {
    return { iface: find('device', source, undefined), program: undefined }
  }
  checkOptions('device', source, ['interface', 'netns', 'program'])
  const { interface: iface, netns, program } = source
  if (typeof iface !== 'string' && typeof iface !== 'number') {
    const expected = 'the name or the index of an interface'
    throw new ArgumentError({ argument: 'device.interface', value: iface, expected })
  }
  return { iface: find('device.interface', iface, netns), program }
}

/** @param argument - what the caller calls the interface */
function find(argument: string, iface: string | number, netns: string | undefined): Interface {
  try {
    return resolveInterface(iface, netns)
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error
    const { value, expected, suggestion } = error
    throw new ArgumentError({
      argument: error.argument === 'iface' ? argument : 'device.netns',
      value,
      expected,
      suggestion,
    })
  }
}

/** The kernel says EINVAL whatever it is. */
function refusal(raw: RawMap, { iface, program }: Device, result: number): MillraceError {
  if (result === -errno.EINVAL) {
    if (!interfaceExists(iface)) return new InterfaceGoneError({ interface: iface.name, ifindex: iface.index })
    if (program !== undefined) return refusedProgram('device.program', program, 'devmap')
  }
  return mapOperationError(raw, 'set', result)
}
