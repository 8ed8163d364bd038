import { ArgumentError, type MapSpec, type MillraceError, type Program, type RawMap } from '@millrace/core'
import { checkInteger, checkOptions, errno, mapOperationError, nativeBinding } from '@millrace/core/internal'
import { MapKind } from './map-kind.js'
import type { OpenOptions, SpecOptions } from './map-options.js'
import { redirectProgram, refusedProgram } from './redirect-program.js'
import { checkRedirects, openRedirects, RedirectTable, redirectCodecs, withoutPrograms } from './redirect-table.js'

const kind = new MapKind('cpumap')

/** The kernel takes no longer queue. */
const longestQueue = 16_384

/** What a {@link CpuMap} is made of. */
export interface CpuMapOptions {
  /** letters, digits, `_` and `.`, of which 15 reach the kernel */
  readonly name: string
  /** default: as many as the system may have processors */
  readonly maxEntries?: number | undefined
}

/** How a processor takes packets from a {@link CpuMap}. */
export interface CpuTarget {
  /** packets, 1 to 16,384: those that find it full are dropped */
  readonly queueSize: number
  /**
   * runs there over each packet before the network stack does, and may change, drop or redirect it: section `xdp/cpumap`
   *
   * @kernel 5.9
   */
  readonly program?: Program<'xdp'> | undefined
}

/** The length of a queue, or more. */
export type CpuSource = number | CpuTarget

/** What a {@link CpuMap} says of a processor. */
export interface CpuEntry {
  /** packets */
  readonly queueSize: number
  /** of the program that runs there; `Program.openById` opens it */
  readonly programId: number | undefined
}

/**
 * Processors, by number, to which XDP programs redirect packets: `bpf_redirect_map(&cpus, cpu, XDP_PASS)` lets another processor make
 * the socket buffer and run the network stack. Choose it to spread over processors, by a rule of one's own, what a network
 * card delivers to few: where the card cannot hash, as for tunnels, or to keep a processor free for what is urgent.
 *
 * An entry is a thread of the kernel (`cpumap/<cpu>/map:<id>` in `ps`) and its queue; the thread ends when the entry is replaced or
 * deleted, once its queue is empty. Packets keep their order as long as a flow stays on one processor. `bpf_redirect_map` to an
 * empty entry returns the lowest two bits of its flags, the action that was meant for that: XDP_PASS above.
 *
 * Capacity: `maxEntries` processors; a queue takes 8 bytes a packet. What finds it full is dropped and counted (tracepoint
 * `xdp:xdp_cpumap_enqueue`), with no error to the program.
 *
 * @kernel 4.15; 5.9 for programs
 *
 * @example
 * ```ts
 * import { CpuMap } from '@millrace/maps'
 *
 * using cpus = CpuMap.create({ name: 'cpus' })
 * for (let cpu = 1; cpu < cpus.maxEntries; cpu++) cpus.set(cpu, 2048)
 * cpus.get(1)                                               // { queueSize: 2048, programId: undefined }
 * ```
 */
export class CpuMap extends RedirectTable<CpuEntry> {
  private constructor(raw: RawMap) {
    super(raw, 'cpu')
  }

  /**
   * Makes a map without an object file. Its values have room for a program.
   *
   * @throws {@link ArgumentError}, {@link MissingCapabilityError}, {@link KernelError}
   */
  static create(options: CpuMapOptions): CpuMap {
    checkOptions('options', options, ['name', 'maxEntries'])
    const { name, maxEntries = nativeBinding().possibleCpus() } = options
    return new CpuMap(kind.create(redirectCodecs, { name, maxEntries }, () => 0, []))
  }

  /**
   * Opens a pinned map, once sure that it is one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   * @throws {@link PinError}, {@link MissingCapabilityError}
   */
  static open(path: string, options: OpenOptions = {}): CpuMap {
    return new CpuMap(openRedirects(kind, path, options))
  }

  /**
   * A typed map over an open one.
   *
   * @throws {@link MapIncompatibleError} that lists every difference
   */
  static from(raw: RawMap): CpuMap {
    return new CpuMap(checkRedirects(kind, raw))
  }

  /** Describes a map of an object file, for `load()`; modules that `bpf2ts` writes call it. */
  static spec({ name, maxEntries }: SpecOptions): MapSpec<CpuMap> {
    return { name, type: 'cpumap', maxEntries, wrap: (raw) => new CpuMap(raw) }
  }

  /**
   * Lets a processor take packets, or replaces how it does: what is in the old queue is worked off. The map holds the program:
   * it may be closed afterwards.
   *
   * @throws {@link ArgumentError} for a processor that this system cannot have, a queue of another length, or a program that was not
   * loaded for such a map
   * @throws {@link MapOperationError} ERR_INDEX_OUT_OF_RANGE, ERR_MAP_READ_ONLY, ERR_MAP_MEMORY ...; ERR_MAP_UNSUPPORTED for a program
   * in a map whose values have 4 bytes: in C, declare them as `struct bpf_cpumap_val`
   * @throws {@link ClosedError} when the map or the program was closed
   */
  set(cpu: number, target: CpuSource): this {
    const { queueSize, program } = targetOf(target)
    const descriptor = redirectProgram('target.program', program, 'cpumap')
    if (program !== undefined && !this.holdsPrograms) throw withoutPrograms(this.raw, 'struct bpf_cpumap_val')
    const value = { number: queueSize, program: descriptor }
    const result = this.write(cpu, value, (key, bytes) => this.raw.update(key, bytes))
    if (result !== 0) throw refusal(this.raw, cpu, program, result)
    return this
  }

  protected override decode(queueSize: number, programId: number | undefined): CpuEntry {
    return { queueSize, programId }
  }
}

function targetOf(target: CpuSource): CpuTarget {
  if (typeof target === 'number') return { queueSize: checkInteger('target', target, 1, longestQueue) }
  checkOptions('target', target, ['queueSize', 'program'])
  return { ...target, queueSize: checkInteger('target.queueSize', target.queueSize, 1, longestQueue) }
}

function refusal(raw: RawMap, cpu: number, program: Program<'xdp'> | undefined, result: number): MillraceError {
  switch (-result) {
    case errno.ENODEV:
      return new ArgumentError({ argument: 'cpu', value: cpu, expected: 'a processor that this system may have' })
    case errno.EINVAL:
    case errno.ENOMEM:
      if (program !== undefined) return refusedProgram('target.program', program, 'cpumap')
  }
  return mapOperationError(raw, 'set', result)
}
