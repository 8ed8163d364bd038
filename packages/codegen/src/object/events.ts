import type { Btf } from '../btf/btf.js'
import type { TypeId } from '../btf/types.js'
import { NameError, UnsupportedError } from '../errors.js'
import type { MapDeclaration } from './maps.js'
import { variablesOf } from './variables.js'

/** The section and the prefix of the markers that MR_EVENTS() of `millrace/events.h` leaves in the BTF. */
const markerSection = '.millrace'
const markerPrefix = '__event_of_'

/** The type of the records of each ring buffer that was declared with MR_EVENTS(), by the C name of the map. */
export function readEvents(btf: Btf, maps: readonly MapDeclaration[]): ReadonlyMap<string, TypeId> {
  const events = new Map<string, TypeId>()
  for (const { name, type } of variablesOf(btf, markerSection)) {
    if (!name.startsWith(markerPrefix)) continue
    const map = name.slice(markerPrefix.length)
    if (!maps.some((candidate) => candidate.name === map && hasEvents(candidate))) {
      throw new NameError(`the marker ${name} names a ring buffer ${map}, which the object does not declare`, [map])
    }
    const pointer = btf.resolve(type).type
    if (pointer.kind !== 'pointer') {
      throw new UnsupportedError({
        subject: `marker ${name}`,
        problem: 'does not point to a type',
        instead: `Declare the ring buffer by MR_EVENTS(${map}, struct ..., size), which writes the marker.`,
      })
    }
    events.set(map, pointer.type)
  }
  for (const map of maps) {
    if (hasEvents(map) && !events.has(map.name)) throw unmarked(map)
  }
  return events
}

/** A ring buffer, or a map of them, whose events are all of one type. */
function hasEvents({ kind, inner }: MapDeclaration): boolean {
  return (inner?.kind ?? kind).takes.includes('event')
}

/** How to declare a kind of map so that the type of its events is known, by the class. */
const declarations: Readonly<Record<string, { readonly subject: string; readonly macro: (name: string) => string }>> = {
  RingBuffer: { subject: 'ring buffer', macro: (name) => `MR_EVENTS(${name}, struct ..., size)` },
  PerfEventArray: { subject: 'perf event array', macro: (name) => `MR_PERF_EVENTS(${name}, struct ...)` },
  UserRingBuffer: { subject: 'user ring buffer', macro: (name) => `MR_USER_EVENTS(${name}, struct ..., size)` },
}

function unmarked({ name, kind, inner }: MapDeclaration): UnsupportedError {
  const marker = `static const struct ... *const ${markerPrefix}${name} SEC("${markerSection}");`
  return new UnsupportedError({
    subject: inner === undefined ? `${declarations[kind.typedClass]?.subject} ${name}` : `map of ring buffers ${name}`,
    problem: 'does not say what its events are',
    instead:
      inner === undefined
        ? `Declare it by ${declarations[kind.typedClass]?.macro(name)} of millrace/events.h.`
        : `Add the marker that MR_EVENTS() writes: ${marker}`,
  })
}
