import { type Binding, type Handle, type NativeMapDescription, type NativeObject, nativeBinding } from '../binding.js'
import { errno } from '../errno.js'
import { ArgumentError, ClosedError } from '../errors/index.js'
import { explain } from '../explain.js'
import { attachmentSince } from '../features/attachments.js'
import { Program } from '../program.js'
import { type ProgramType, programTypes } from '../program-type.js'
import type { RawMap } from '../raw-map.js'
import { constantBytes, type PlannedMap } from './apply-options.js'
import { checkLoadAgainOptions, type LoadAgainOptions, sectionsOf } from './load-again-options.js'
import { loadError } from './load-error.js'
import { openObject } from './open-object.js'
import { originOf, type ProgramOrigin } from './origin.js'
import { checkCompatible } from './pins.js'
import { ProgramInstance } from './program-instance.js'

/** BPF_F_XDP_HAS_FRAGS */
const hasFrags = 1 << 5

/**
 * Loads one program of a loaded object once more, from the object file as it was read then. The new instance shares every map
 * of the live object, variables and constants included, but for those in `own`; pins are neither looked for nor made. What it
 * needs stays open in it: it can be loaded again in its turn after the object is closed.
 *
 * On the calling thread: loading a program takes about as long as it took the first time, less the maps.
 *
 * @throws ArgumentError for a program that was opened and not loaded, a name that does not exist, a value that does not fit, or
 * an object that fills a program array in C, which would be filled again
 * @throws ClosedError when its object was closed
 * @throws MapIncompatibleError for a map in `maps` that is not what the object's own is
 * @throws VerifierError, MissingCapabilityError, UnsupportedKernelError, KernelError as `load` does
 */
export function loadAgain(
  program: Program,
  options: LoadAgainOptions & { readonly extends: object },
): ProgramInstance<'ext'>
export function loadAgain<T extends ProgramType>(
  program: Program<T>,
  options?: LoadAgainOptions,
): ProgramInstance<T extends 'ext' ? ProgramType : T>
export function loadAgain(program: Program, options: LoadAgainOptions = {}): ProgramInstance {
  const origin = knownOrigin(program)
  checkLoadAgainOptions(options, origin)
  const native = nativeBinding()
  const { btf } = origin.options
  const object = openObject(native, origin.file, { btf })
  try {
    chooseMaps(native, object, origin, options)
    writeConstants(native, object.handle, origin, options)
    chooseProgram(native, object, origin, options)
    const loaded = native.objectLoadSync(object.handle)
    const described = asLoaded(object, origin, options)
    if ('errno' in loaded) throw loadError(loaded, described, plannedMaps(origin), origin.file.file, btf)
    const type = described.programs.find(({ name }) => name === origin.name)?.type ?? 0
    return new ProgramInstance(origin, programTypes.nameOf(type), loaded)
  } finally {
    native.close(object.handle)
  }
}

/** The object with the kind of program that was loaded. */
function asLoaded(object: NativeObject, { name }: ProgramOrigin, options: LoadAgainOptions): NativeObject {
  if (options.extends === undefined) return object
  const type = programTypes.check('type', 'ext')
  return { ...object, programs: object.programs.map((it) => (it.name === name ? { ...it, type } : it)) }
}

function plannedMaps({ maps }: ProgramOrigin): PlannedMap[] {
  return [...maps].map(([name, { type, keySize, valueSize, maxEntries, flags }]) => {
    return { name, type, keySize, valueSize, maxEntries, flags }
  })
}

function knownOrigin(program: Program): ProgramOrigin {
  if (!(program instanceof Program)) {
    throw new ArgumentError({ argument: 'program', value: program, expected: 'a Program' })
  }
  const origin = originOf(program)
  if (origin === undefined) {
    const expected =
      'a program that load() made; one that was opened from a pin or by its id does not know its object file: ' +
      'load that, and give the maps that are pinned'
    throw new ArgumentError({ argument: 'program', value: program, expected })
  }
  if (origin.owner.closed) throw new ClosedError({ what: 'object', name: origin.spec.name })
  return origin
}

function chooseMaps(native: Binding, object: NativeObject, origin: ProgramOrigin, options: LoadAgainOptions): void {
  const fresh = new Set([...(options.own ?? []), ...sectionsOf(options, origin)])
  for (const map of object.maps) {
    const live = origin.maps.get(map.name)
    if (live === undefined) continue
    if (map.isFilled) {
      const expected = `a program whose object does not fill the program array ${map.name} in C: fill it once it is loaded`
      throw new ArgumentError({ argument: 'program', value: origin.name, expected })
    }
    if (map.pinPath !== null) check(native.objectSetMap(object.handle, map.name, { pinPath: null }), `map ${map.name}`)
    if (fresh.has(map.name)) resize(native, object.handle, map, live)
    else share(native, object.handle, map, live, options.maps?.[map.name])
  }
}

/** The size may be another one than the C source's since the first load. */
function resize(native: Binding, object: Handle, map: NativeMapDescription, { maxEntries }: RawMap): void {
  if (map.isInternal || map.maxEntries === maxEntries) return
  check(native.objectSetMap(object, map.name, { maxEntries }), `map ${map.name}`)
}

function share(
  native: Binding,
  object: Handle,
  map: NativeMapDescription,
  live: RawMap,
  other: RawMap | undefined,
): void {
  if (other !== undefined) checkCompatible(native, other.handle, live, map, other.pinPath ?? '')
  const { closed, handle, name } = other ?? live
  if (closed) throw new ClosedError({ what: 'map', name })
  check(native.objectSetMap(object, map.name, { reuse: handle }), `map ${map.name}`)
}

/** A section starts from what it was, the constants of the first load among it. */
function writeConstants(native: Binding, object: Handle, origin: ProgramOrigin, options: LoadAgainOptions): void {
  for (const section of sectionsOf(options, origin)) {
    const live = origin.maps.get(section)
    if (live === undefined) continue
    const bytes = new Uint8Array(live.valueBufferSize)
    check(live.lookup(new Uint8Array(live.keySize), bytes), `read ${section}`)
    check(native.objectWriteData(object, section, 0, bytes), section)
  }
  for (const [key, value] of Object.entries(options.constants ?? {})) {
    const constant = origin.spec.constants[key]
    if (constant === undefined || value === undefined) continue
    const argument = `options.constants.${key}`
    const bytes = constantBytes(constant, value, argument)
    check(native.objectWriteData(object, constant.section, constant.offset, bytes), argument)
  }
}

function chooseProgram(native: Binding, object: NativeObject, origin: ProgramOrigin, options: LoadAgainOptions): void {
  for (const { name, section, flags, autoload } of object.programs) {
    const wanted = name === origin.name
    if (autoload !== wanted) set(native, object.handle, name, { autoload: wanted })
    if (!wanted) continue
    if (options.attachType !== undefined) set(native, object.handle, name, { attachType: options.attachType })
    if (options.extends !== undefined) {
      extend(native, object.handle, name, options.extends)
      // What the section asks for is lost with the kind of program that it stands for.
      if (/^xdp\.frags/.test(section)) set(native, object.handle, name, { flags: flags | hasFrags })
    }
    if (options.flags !== undefined) set(native, object.handle, name, { flags: options.flags })
  }
}

function extend(
  native: Binding,
  object: Handle,
  name: string,
  { program, function: replaced }: NonNullable<LoadAgainOptions['extends']>,
): void {
  const result = native.objectSetProgram(object, name, { extends: { program: program.handle, function: replaced } })
  if (result === 0) return
  if (result === -errno.ENOENT) {
    const expected = `a global function of the program ${program.name}`
    throw new ArgumentError({ argument: 'options.extends.function', value: replaced, expected })
  }
  throw explain({
    operation: `make ${name} a replacement for ${replaced} of ${program.name}`,
    errno: result,
    feature: { name: 'freplace', since: attachmentSince('freplace') },
    hint: 'the program that is extended must have been loaded with BTF',
  })
}

type Change = Parameters<Binding['objectSetProgram']>[2]

function set(native: Binding, object: Handle, name: string, change: Change): void {
  check(native.objectSetProgram(object, name, change), `program ${name}`)
}

function check(result: number, what: string): void {
  if (result < 0) throw explain({ operation: `set ${what}`, errno: result })
}
