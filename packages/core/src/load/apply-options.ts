import type { Binding, Handle, NativeMapDescription, NativeObject } from '../binding.js'
import { errno } from '../errno.js'
import { ClosedError } from '../errors/index.js'
import { explain } from '../explain.js'
import { mapTypes } from '../map-type.js'
import { encode } from '../memory/shared-memory.js'
import type { RawMapFields } from '../raw-map.js'
import type { ObjectSpec, VariableSpec } from '../spec.js'
import { type LoadOptions, type MapLoadOptions, rawOf } from './load-options.js'
import { roundedEntries } from './map-difference.js'
import { checkCompatible, type Pins } from './pins.js'

type Options = LoadOptions<ObjectSpec, string>

/** A map as it will be, but for its handle. */
export type PlannedMap = Omit<RawMapFields, 'handle'>

/** Changes an object file that was opened and not loaded; returns what its maps will be. */
export function applyOptions(
  native: Binding,
  object: NativeObject,
  spec: ObjectSpec,
  options: Options,
  pins: Pins,
): PlannedMap[] {
  writeConstants(native, object.handle, spec, options)
  choosePrograms(native, object, spec, options)
  const keys = new Map(
    Object.entries(options.maps === undefined ? {} : spec.maps).map(([key, { name }]) => [name, key]),
  )
  return object.maps.map((map) => {
    const key = keys.get(map.name) ?? map.name
    return applyMap(native, object.handle, map, key, options.maps?.[key] ?? {}, pins)
  })
}

function writeConstants(native: Binding, object: Handle, spec: ObjectSpec, { constants = {} }: Options): void {
  for (const [key, value] of Object.entries(constants)) {
    const constant = spec.constants[key]
    if (constant === undefined || value === undefined) continue
    const argument = `options.constants.${key}`
    check(
      native.objectWriteData(object, constant.section, constant.offset, constantBytes(constant, value, argument)),
      argument,
    )
  }
}

/** A constant as it lies in its section. */
export function constantBytes(constant: VariableSpec<unknown>, value: unknown, argument: string): Uint8Array {
  const bytes = new Uint8Array(constant.codec.size)
  encode(constant.codec, value, new DataView(bytes.buffer), 0, argument)
  return bytes
}

function choosePrograms(native: Binding, object: NativeObject, spec: ObjectSpec, { omit = [] }: Options): void {
  const omitted = omit.map((key) => spec.programs[key]?.name)
  for (const { name, autoload } of object.programs) {
    const wanted = !omitted.includes(name)
    if (autoload !== wanted)
      check(native.objectSetProgram(object.handle, name, { autoload: wanted }), `program ${name}`)
  }
}

function applyMap(
  native: Binding,
  object: Handle,
  map: NativeMapDescription,
  key: string,
  change: MapLoadOptions,
  pins: Pins,
): PlannedMap {
  const { name, keySize, valueSize, flags } = map
  const type = mapTypes.nameOf(map.type)
  const wanted = { type, keySize, valueSize, maxEntries: change.maxEntries ?? map.maxEntries, flags }
  const maxEntries = roundedEntries(wanted, native.possibleCpus)
  const planned: PlannedMap = { name, type, keySize, valueSize, maxEntries, flags }
  const what = `map ${name}`
  if (change.maxEntries !== undefined) check(native.objectSetMap(object, name, { maxEntries }), what)

  const pinPath = change.pin === undefined ? map.pinPath : change.pin
  // libbpf is not asked to pin: see Pins. It also takes flags that the kernel adds for a difference.
  if (map.pinPath !== null) check(native.objectSetMap(object, name, { pinPath: null }), what)
  if (change.replace !== undefined) {
    if (pinPath !== null) pins.want(name, pinPath)
    const other = rawOf(`options.maps.${key}`, change.replace)
    if (other.closed) throw new ClosedError({ what: 'map', name: other.name })
    checkCompatible(native, other.handle, planned, map, '')
    check(native.objectSetMap(object, name, { reuse: other.handle }), what)
  } else if (pinPath !== null) {
    const existing = pins.find(pinPath, planned, map)
    if (existing === undefined) pins.want(name, pinPath)
    else reuse(native, object, name, existing)
  }
  return pinPath === null ? planned : { ...planned, pinPath }
}

function reuse(native: Binding, object: Handle, name: string, existing: Handle): void {
  try {
    check(native.objectSetMap(object, name, { reuse: existing }), `map ${name}`)
  } finally {
    native.close(existing)
  }
}

function check(result: number, what: string): void {
  if (result < 0) throw explain({ operation: `set ${what}`, errno: result === -errno.ENOENT ? errno.EINVAL : result })
}
