import { existsSync } from 'node:fs'
import { checkInteger, checkOptions, checkSignal, checkString, unknownName } from '../check.js'
import type { Codec } from '../codec.js'
import { ArgumentError } from '../errors/index.js'
import { RawMap } from '../raw-map.js'
import type { ObjectSpec } from '../spec.js'
import type { UntypedSpec } from './untyped-spec.js'

/** Names of an object's programs. */
export type ProgramName<S extends ObjectSpec> = keyof S['programs'] & string

/** Values for the constants of an object: those left out keep what the C source gives them. */
export type ConstantValues<S extends ObjectSpec> = {
  readonly [K in keyof S['constants']]?: (S['constants'][K]['codec'] extends Codec<infer T> ? T : never) | undefined
}

/** What to change in a map before it is made. */
export interface MapLoadOptions {
  /** default: what the C source says */
  readonly maxEntries?: number | undefined
  /**
   * Pin at this path, and use the map that is pinned there already. `null`: not pinned, whatever the C source says.
   * Default: with LIBBPF_PIN_BY_NAME in the C source the map's name under `pinRoot`, else not pinned.
   */
  readonly pin?: string | null | undefined
  /** Use this map, of another object for instance, in place of a new one. It stays open and belongs to the caller. */
  readonly replace?: RawMap | { readonly raw: RawMap } | undefined
}

/** How to load an object. */
export interface LoadOptions<S extends ObjectSpec = UntypedSpec, O extends string = never> {
  /** values for `const volatile` variables, by name; the verifier knows them, so code that they switch off is not even checked */
  readonly constants?: ConstantValues<S> | undefined
  /** changes to maps, by name */
  readonly maps?: { readonly [K in keyof S['maps']]?: MapLoadOptions | undefined } | undefined
  /** folder for maps with LIBBPF_PIN_BY_NAME, on a bpf filesystem, made when it is missing; default `/sys/fs/bpf` */
  readonly pinRoot?: string | undefined
  /** programs not to load, also those whose section begins with `?`, which are loaded as any other */
  readonly omit?: readonly (O | ProgramName<S>)[] | undefined
  /** a file with the kernel's BTF, for CO-RE on kernels that have none; default `/sys/kernel/btf/vmlinux` */
  readonly btf?: string | undefined
  /**
   * What the verifier prints into the loaded object's `log`: 0 nothing unless it refuses, 1 the path it takes through the
   * programs, 2 the state at every instruction; default 0
   */
  readonly logLevel?: 0 | 1 | 2 | undefined
  /** Ends the loading; the promise is then rejected with the signal's reason, once nothing of it is left in the kernel. */
  readonly signal?: AbortSignal | undefined
}

const names = [
  'constants',
  'maps',
  'pinRoot',
  'omit',
  'btf',
  'logLevel',
  'signal',
] as const satisfies readonly (keyof LoadOptions)[]

/** Checks what does not depend on the object. */
export function checkLoadOptions(options: LoadOptions<ObjectSpec, string>): void {
  checkOptions('options', options, names)
  const { pinRoot, btf, logLevel, signal, omit } = options
  if (pinRoot !== undefined) checkString('options.pinRoot', pinRoot)
  if (btf !== undefined && !existsSync(checkString('options.btf', btf))) {
    throw new ArgumentError({ argument: 'options.btf', value: btf, expected: 'the path of a file that exists' })
  }
  if (logLevel !== undefined) checkInteger('options.logLevel', logLevel, 0, 2)
  if (omit !== undefined && !Array.isArray(omit)) {
    throw new ArgumentError({ argument: 'options.omit', value: omit, expected: 'an array of program names' })
  }
  checkSignal('options.signal', signal)
}

/** Checks the names that must be the object's own. */
export function checkNames(spec: ObjectSpec, { constants, maps, omit = [] }: LoadOptions<ObjectSpec, string>): void {
  checkMembers('options.constants', constants, spec.constants, 'constant')
  checkMembers('options.maps', maps, spec.maps, 'map')
  for (const [name, change] of Object.entries(maps ?? {})) {
    if (change !== undefined) checkMap(`options.maps.${name}`, change)
  }
  for (const name of omit) {
    if (!Object.hasOwn(spec.programs, checkString('options.omit', name)))
      throw unknownName('options.omit', name, Object.keys(spec.programs), 'program')
  }
}

function checkMembers(argument: string, value: unknown, known: object, noun: string): void {
  if (value === undefined) return
  if (typeof value !== 'object' || value === null) {
    throw new ArgumentError({ argument, value, expected: `an object of ${noun}s` })
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(known, name)) throw unknownName(argument, name, Object.keys(known), noun)
  }
}

function checkMap(argument: string, change: MapLoadOptions): void {
  checkOptions(argument, change, ['maxEntries', 'pin', 'replace'])
  const { maxEntries, pin, replace } = change
  if (maxEntries !== undefined) checkInteger(`${argument}.maxEntries`, maxEntries, 1, 0xffff_ffff)
  if (pin !== undefined && pin !== null) checkString(`${argument}.pin`, pin)
  if (replace !== undefined) rawOf(argument, replace)
}

/** The raw map of a replacement, be it raw or typed. */
export function rawOf(argument: string, replacement: RawMap | { readonly raw: RawMap }): RawMap {
  const raw = replacement instanceof RawMap ? replacement : replacement?.raw
  if (raw instanceof RawMap) return raw
  throw new ArgumentError({ argument: `${argument}.replace`, value: replacement, expected: 'an open map' })
}
