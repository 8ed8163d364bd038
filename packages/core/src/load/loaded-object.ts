import type { Handle, NativeLoaded } from '../binding.js'
import type { Codec } from '../codec.js'
import { closedInTime, watchForLeak } from '../leak-watch.js'
import { Program } from '../program.js'
import { RawMap } from '../raw-map.js'
import type { MapSpec, ObjectSpec } from '../spec.js'
import type { PlannedMap } from './apply-options.js'
import type { ObjectOrigin } from './origin.js'
import type { UntypedSpec } from './untyped-spec.js'
import { Sections, Variable } from './variable.js'

/** The maps of a loaded object, by name. */
export type LoadedMaps<S extends ObjectSpec> = {
  readonly [K in keyof S['maps']]: S['maps'][K] extends MapSpec<infer M> ? M : never
}

/** The programs of a loaded object, by name, but for those that were left out. */
export type LoadedPrograms<S extends ObjectSpec, O extends string = never> = {
  readonly [K in keyof S['programs'] as K extends O ? never : K]: Program<
    S['programs'][K]['type'],
    S['programs'][K]['section']
  >
}

/** The global variables of a loaded object, by name. */
export type LoadedVariables<S extends ObjectSpec> = {
  readonly [K in keyof S['variables']]: Variable<S['variables'][K]['codec'] extends Codec<infer T> ? T : never>
}

/** The constants of a loaded object, by name. */
export type LoadedConstants<S extends ObjectSpec> = {
  readonly [K in keyof S['constants']]: Variable<S['constants'][K]['codec'] extends Codec<infer T> ? T : never>
}

/**
 * An object that is loaded: its programs, maps and variables by the names of the generated module, or by their C names
 * where there is none. It owns their descriptors. After `close()` what is attached or pinned goes on working in the kernel;
 * only mind that a program array empties with its last descriptor and pin, so a chain of tail calls wants one of them.
 *
 * @typeParam S - the spec
 * @typeParam O - names of the programs that were left out
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { firewall } from './firewall.bpf.js'
 *
 * using fw = await load(firewall, { constants: { defaultVerdict: 2 } })
 * fw.maps.blocked.set({ prefixLength: 8, address: '10.0.0.0' }, { packets: 0n, bytes: 0n })
 * console.log(fw.programs.firewall.info().jitedSize)
 * ```
 */
export class LoadedObject<S extends ObjectSpec = UntypedSpec, O extends string = never> implements Disposable {
  readonly name: string
  readonly maps: LoadedMaps<S>
  readonly programs: LoadedPrograms<S, O>
  readonly variables: LoadedVariables<S>
  /** as they were loaded: they can be read, and no more be changed */
  readonly constants: LoadedConstants<S>
  /** what libbpf and, with `logLevel`, the verifier printed */
  readonly log: string
  readonly #parts: Disposable[] = []
  #closed = false

  /** @internal Takes over the handles, also when it throws. */
  constructor(
    from: Pick<ObjectOrigin, 'file' | 'spec' | 'options'>,
    planned: readonly PlannedMap[],
    loaded: NativeLoaded,
  ) {
    const { file, spec, options } = from
    this.name = spec.name
    this.log = loaded.log
    try {
      const raw = this.#rawMaps(planned, loaded.maps)
      const find = (name: string) => raw.get(name)
      this.maps = mapValues(spec.maps, (it) => this.#own(it.wrap(need(raw, it.name), find))) as LoadedMaps<S>
      this.programs = this.#programs(
        { file, spec, options, maps: raw, owner: this },
        loaded.programs,
      ) as LoadedPrograms<S, O>
      const sections = this.#own(new Sections(raw, loaded.arenaData))
      this.variables = mapValues(spec.variables, (it) => new Variable(it, sections)) as LoadedVariables<S>
      this.constants = mapValues(spec.constants, (it) => new Variable(it, sections)) as LoadedConstants<S>
    } catch (error) {
      this.close()
      throw error
    }
    watchForLeak(this, 'loaded object', this.name)
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed
  }

  /** Closes all programs, maps and variables. A second call does nothing. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    closedInTime(this)
    for (const part of this.#parts) part[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** By C name, internal maps by section. */
  #rawMaps(planned: readonly PlannedMap[], handles: Readonly<Record<string, Handle>>): Map<string, RawMap> {
    const raw = new Map<string, RawMap>()
    for (const { name, type, keySize, valueSize, maxEntries, flags, pinPath } of planned) {
      const handle = handles[name]
      if (handle === undefined) continue
      const fields = { handle, name, pinPath, owner: this, type, keySize, valueSize, maxEntries, flags }
      raw.set(name, this.#own(new RawMap(fields)))
    }
    return raw
  }

  /** Programs that are in the object but not in its module are held as well: a program array may name them. */
  #programs(origin: ObjectOrigin, handles: Readonly<Record<string, Handle>>): Record<string, Program> {
    const { spec } = origin
    const programs: Record<string, Program> = {}
    for (const [key, { name, type, section }] of Object.entries(spec.programs)) {
      const handle = handles[name]
      if (handle !== undefined)
        programs[key] = this.#own(new Program({ handle, name, type, section, owner: this, origin }))
    }
    const named = new Set(Object.values(spec.programs).map(({ name }) => name))
    for (const [name, handle] of Object.entries(handles)) {
      if (!named.has(name)) this.#own(Program.fromHandle(handle, { name, owner: this, origin }))
    }
    return programs
  }

  /** A typed map is a part as well: it may hold more than its raw one, as a ring buffer holds mapped memory. */
  #own<P>(part: P): P {
    if (isDisposable(part)) this.#parts.push(part)
    return part
  }
}

function isDisposable(part: unknown): part is Disposable {
  return typeof part === 'object' && part !== null && Symbol.dispose in part
}

function mapValues<V, R>(members: Readonly<Record<string, V>>, make: (value: V) => R): Record<string, R> {
  const made: Record<string, R> = {}
  for (const [name, value] of Object.entries(members)) made[name] = make(value)
  return made
}

function need(maps: ReadonlyMap<string, RawMap>, name: string): RawMap {
  const map = maps.get(name)
  if (map === undefined) throw new TypeError(`the object has no map ${name}`)
  return map
}
