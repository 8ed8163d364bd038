import { checkInteger, checkOptions, checkString, unknownName } from '../check.js'
import { ArgumentError, ClosedError } from '../errors/index.js'
import { Program } from '../program.js'
import { RawMap } from '../raw-map.js'
import type { ProgramOrigin } from './origin.js'

/** How {@link loadAgain} is to make the new instance of a program; maps go by their C names. */
export interface LoadAgainOptions {
  /** maps that the new instance gets afresh, as its C source has them */
  readonly own?: readonly string[] | undefined
  /** maps from elsewhere, pins for instance, to be used in place of the live object's; they stay the caller's */
  readonly maps?: Readonly<Record<string, RawMap>> | undefined
  /**
   * Values for constants, by their names in the spec: the sections that they are in become the instance's own, and all else in
   * there stays what it was.
   */
  readonly constants?: Readonly<Record<string, unknown>> | undefined
  /** enum bpf_attach_type, where it is not to be that of the section */
  readonly attachType?: number | undefined
  /** BPF_F_... of linux/bpf.h for the program, where they are not to be those of the section */
  readonly flags?: number | undefined
  /** It becomes a freplace program (`ext`) for a global function of that one. */
  readonly extends?: { readonly program: Program; readonly function: string } | undefined
}

/** Checks all that does not need the object to be opened. */
export function checkLoadAgainOptions(options: LoadAgainOptions, origin: ProgramOrigin): void {
  checkOptions('options', options, ['own', 'maps', 'constants', 'attachType', 'flags', 'extends'])
  const { own = [], maps = {}, constants = {}, attachType, flags } = options
  if (!Array.isArray(own)) {
    throw new ArgumentError({ argument: 'options.own', value: own, expected: 'an array of map names' })
  }
  const known = [...origin.maps.keys()]
  for (const name of own) checkName('options.own', checkString('options.own', name), known, 'map')
  checkOptions('options.maps', maps, known)
  checkOptions('options.constants', constants, Object.keys(origin.spec.constants))
  const fresh = new Set([...own, ...sectionsOf(options, origin)])
  for (const [name, map] of Object.entries(maps)) {
    const argument = `options.maps.${name}`
    if (!(map instanceof RawMap)) throw new ArgumentError({ argument, value: map, expected: 'a RawMap' })
    if (map.closed) throw new ClosedError({ what: 'map', name: map.name })
    if (fresh.has(name)) {
      const expected = 'no map for a name that is in options.own, or a section whose constants are given'
      throw new ArgumentError({ argument, value: map, expected })
    }
  }
  if (attachType !== undefined) checkInteger('options.attachType', attachType, 0, 0xffff_ffff)
  if (flags !== undefined) checkInteger('options.flags', flags, 0, 0xffff_ffff)
  if (options.extends !== undefined) checkExtends(options.extends)
}

/** The sections of the constants that are given. */
export function sectionsOf({ constants = {} }: LoadAgainOptions, { spec }: ProgramOrigin): Set<string> {
  const given = Object.keys(constants).filter((key) => constants[key] !== undefined)
  return new Set(given.map((key) => spec.constants[key]?.section ?? ''))
}

function checkExtends(target: unknown): void {
  checkOptions('options.extends', target, ['program', 'function'])
  const { program, function: name } = target as Readonly<Record<string, unknown>>
  if (!(program instanceof Program)) {
    throw new ArgumentError({ argument: 'options.extends.program', value: program, expected: 'a Program' })
  }
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
  checkString('options.extends.function', name)
}

function checkName(argument: string, name: string, known: readonly string[], noun: string): void {
  if (!known.includes(name)) throw unknownName(argument, name, known, noun)
}
