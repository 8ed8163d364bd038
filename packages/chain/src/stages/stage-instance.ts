import { type Program, type ProgramType, RawMap } from '@millrace/core'
import { explain, loadAgain, nativeBinding, originOf } from '@millrace/core/internal'
import { StageNotReloadableError, StageRefusedError } from '../errors/index.js'
import type { InstanceFolder } from '../pins/instance-folder.js'
import { COUNTERS, NEXT } from './check-program.js'
import { leadsTo, leadTo } from './slot.js'
import type { Stage } from './stage.js'

/** What the programs of a chain are told when they are loaded. */
export interface StageConstants {
  readonly counting: boolean
  readonly timing: boolean
  /** a verdict's number */
  readonly missed: number
}

interface Fields {
  readonly program: Program
  readonly next: RawMap
  readonly counters: RawMap
  /** by C name, without the two above; undefined: they are in the folder */
  readonly maps: ReadonlyMap<string, RawMap> | undefined
  readonly folder: InstanceFolder | undefined
  readonly close: () => void
}

/** A stage at work: its program, loaded once more, with a slot of its own that leads to the next one. */
export class StageInstance {
  readonly stage: Stage
  readonly program: Program
  readonly counters: RawMap
  readonly #next: RawMap
  readonly #maps: ReadonlyMap<string, RawMap> | undefined
  readonly #close: () => void
  #folder: InstanceFolder | undefined

  private constructor(stage: Stage, { program, next, counters, maps, folder, close }: Fields) {
    this.stage = stage
    this.program = program
    this.counters = counters
    this.#next = next
    this.#maps = maps
    this.#folder = folder
    this.#close = close
    stage.hold(this)
  }

  /**
   * Loads the stage's program once more.
   *
   * @param attachType - enum bpf_attach_type, the same in all programs of a chain; undefined: that of the section
   * @throws StageNotReloadableError, and what `load` throws
   */
  static load(stage: Stage, constants: StageConstants, attachType: number | undefined): StageInstance {
    const { template, counters } = stage
    if (template === undefined) throw new StageNotReloadableError({ stage: stage.name })
    const loaded = loadAgain(template, {
      constants: namedAsInSpec(template, constants),
      attachType,
      own: counters === undefined ? [NEXT, COUNTERS] : [NEXT],
      maps: counters === undefined ? {} : { [COUNTERS]: counters },
    })
    const maps = new Map(loaded.maps)
    const [next, own] = [maps.get(NEXT), maps.get(COUNTERS)]
    if (next === undefined || own === undefined) throw new TypeError(`${template.name} was loaded without ${NEXT}`)
    maps.delete(NEXT)
    maps.delete(COUNTERS)
    const close = () => loaded.close()
    return new StageInstance(stage, { program: loaded.program, next, counters: own, maps, folder: undefined, close })
  }

  /**
   * Opens an instance that is pinned.
   *
   * @throws PinError when one of its parts is missing
   */
  static adopt(stage: Stage, folder: InstanceFolder, type: ProgramType): StageInstance {
    const parts: Disposable[] = []
    const close = () => {
      for (const part of parts) part[Symbol.dispose]()
    }
    const own = <P extends Disposable>(part: P): P => {
      parts.push(part)
      return part
    }
    try {
      const program = own(folder.openProgram()).as(type)
      const next = own(folder.openNext())
      const counters = own(folder.openCounters())
      return new StageInstance(stage, { program, next, counters, maps: undefined, folder, close })
    } catch (error) {
      close()
      throw error
    }
  }

  /** Whether its program can be loaded once more. */
  get reloadable(): boolean {
    return this.#maps !== undefined
  }

  /** Of its pins; undefined: it has none. */
  get path(): string | undefined {
    return this.#folder?.path
  }

  /** Makes its slot lead to a program, in one step. */
  lead(to: Program): void {
    const code = leadTo(this.#next, to)
    if (code === 0) return
    const reason = `the kernel lets it not go on to program ${to.name}: they were not built alike (JIT, xdp.frags, attach type)`
    const cause = explain({ operation: `set the slot of stage ${this.stage.name}`, errno: code })
    throw new StageRefusedError({ stage: this.stage.name, program: this.program.name, reason, cause })
  }

  /** Id of the program that its slot leads to; undefined: none. */
  leadsTo(): number | undefined {
    return leadsTo(this.#next)
  }

  /** @throws PinError */
  pin(folder: InstanceFolder): void {
    this.#folder = folder
    folder.pin({ program: this.program, next: this.#next, counters: this.counters, maps: this.#maps ?? new Map() })
  }

  /** Of its maps but for slot and counters, as its C source calls them. */
  mapNames(): string[] {
    return this.#maps === undefined ? (this.#folder?.mapNames() ?? []) : [...this.#maps.keys()]
  }

  /** Opens one of these once more, for the caller. */
  openMap(name: string): RawMap {
    const map = this.#maps?.get(name)
    if (map === undefined) {
      if (this.#folder === undefined) throw new TypeError(`no map ${name}`)
      return this.#folder.openMap(name)
    }
    const handle = nativeBinding().adopt('map', nativeBinding().descriptor(map.handle))
    if (typeof handle === 'number') return RawMap.fromHandle(handle, { name })
    throw explain({ operation: `duplicate the descriptor of map ${name}`, errno: handle.errno })
  }

  /** Gives back what this process holds of it; what is pinned stays. */
  close(): void {
    this.stage.letGo(this)
    this.#close()
  }

  /** Removes its pins as well. No packet may be in it, nor come to it. */
  discard(): void {
    this.close()
    this.#folder?.remove()
  }
}

/** The constants by the names that the module of the user's object gives them. */
function namedAsInSpec(program: Program, { counting, timing, missed }: StageConstants): Record<string, unknown> {
  const values = new Map<string, unknown>([
    ['mr_stage_counting', counting],
    ['mr_stage_timing', timing],
    ['mr_stage_missed_verdict', missed],
  ])
  const named: Record<string, unknown> = {}
  for (const [key, { name }] of Object.entries(originOf(program)?.spec.constants ?? {})) {
    if (values.has(name)) named[key] = values.get(name)
  }
  return named
}
