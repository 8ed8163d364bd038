import { mkdirSync, statSync } from 'node:fs'
import { PinError } from '@millrace/core'
import { checkString, type Interface, isOnBpffs, notOnBpffs, resolveInterface } from '@millrace/core/internal'

/** A hook that programs share: an interface, and the bpf filesystem with the pins of its dispatcher. */
export interface Place {
  readonly iface: Interface
  /** inode number of the interface's network namespace: an index is unique only within one */
  readonly netns: number
  /** where the bpf filesystem is mounted */
  readonly bpffs: string
}

/** Where to look. */
export interface PlaceOptions {
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
  /**
   * mount point of the bpf filesystem that has the pins; all that share an interface must use the same. Default: that of libxdp, which
   * is the environment variable LIBXDP_BPFFS, or else `/sys/fs/bpf`
   */
  readonly bpffs?: string | undefined
}

export const placeOptions = ['netns', 'bpffs']

export function resolvePlace(iface: string | number, options: PlaceOptions): Place {
  const found = resolveInterface(iface, options.netns)
  return { iface: found, netns: inodeOf(found.netns), bpffs: resolveBpffs(options.bpffs) }
}

/** How errors name the hook: `XDP on eth0`. */
export function target({ iface: { name, netns } }: Place): string {
  return netns === '' ? `XDP on ${name}` : `XDP on ${name} in ${netns}`
}

/** The folder of libxdp, which is also its lock. */
export function setsFolder({ bpffs }: Place): string {
  return `${bpffs}/xdp`
}

/** Where Millrace keeps who has which slot. */
export function recordsFolder({ bpffs }: Place): string {
  return `${bpffs}/millrace/dispatcher`
}

/** Makes the folders; only root looks into them, as with libxdp's. */
export function makeFolders(place: Place): void {
  for (const path of [setsFolder(place), recordsFolder(place)]) {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw new PinError({ path, reason: `the folder cannot be made: ${(error as Error).message}` })
    }
  }
}

function resolveBpffs(given: string | undefined): string {
  const path = checkString('options.bpffs', given ?? (process.env.LIBXDP_BPFFS || '/sys/fs/bpf'))
  if (!isOnBpffs(path)) throw notOnBpffs(path, path)
  return path.replace(/(?<=.)\/+$/, '')
}

function inodeOf(netns: string): number {
  return statSync(netns === '' ? '/proc/thread-self/ns/net' : netns).ino
}
