import { MrDispatcherConfig } from './generated/dispatcher.bpf.js'

/** The version of libxdp's protocol that is spoken here. */
export const protocolVersion = 2

/** How many programs one dispatcher runs. */
export const slotsPerDispatcher = 10

/** MR_DISPATCHER_MAGIC */
const magic = 236

/** Bytes of the configuration of version 1, which had no magic. */
const sizeOfVersion1 = 84

/** BPF_F_XDP_HAS_FRAGS of linux/bpf.h. */
const hasFrags = 1 << 5

/** How a dispatcher runs one of its programs. */
export interface SlotConfig {
  readonly priority: number
  /** bit n: the next program runs when this one returns n */
  readonly goOn: number
  /** written for packets in several buffers */
  readonly frags: boolean
}

/** What the configuration of a dispatcher says: its slots in their order, or that it is of a version that is not spoken here. */
export type ReadConfig = { readonly slots: readonly SlotConfig[] } | { readonly version: number }

/** Packets in several buffers go only to programs that all take them. */
export function takesFrags(slots: readonly SlotConfig[]): boolean {
  return slots.length > 0 && slots.every(({ frags }) => frags)
}

export function makeConfig(slots: readonly SlotConfig[]): MrDispatcherConfig {
  return {
    magic,
    version: protocolVersion,
    programs: slots.length,
    frags: takesFrags(slots) ? 1 : 0,
    goOn: tenOf(slots.map(({ goOn }) => goOn)),
    priorities: tenOf(slots.map(({ priority }) => priority)),
    flags: tenOf(slots.map(({ frags }) => (frags ? hasFrags : 0))),
  }
}

/** Reads the configuration of a program that has the name of a dispatcher; undefined: it is none. */
export function readConfig(bytes: Uint8Array): ReadConfig | undefined {
  const [first, version = 0] = bytes
  if (first !== magic) return bytes.length === sizeOfVersion1 ? { version: 1 } : undefined
  if (version !== protocolVersion) return { version }
  if (bytes.length !== MrDispatcherConfig.size) return undefined
  const config = MrDispatcherConfig.decode(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0)
  if (config.programs > slotsPerDispatcher) return undefined
  const slots = config.priorities.slice(0, config.programs).map((priority, slot) => ({
    priority,
    goOn: config.goOn[slot] ?? 0,
    frags: ((config.flags[slot] ?? 0) & hasFrags) !== 0,
  }))
  return { slots }
}

function tenOf(numbers: readonly number[]): number[] {
  return Array.from({ length: slotsPerDispatcher }, (_, slot) => numbers[slot] ?? 0)
}
