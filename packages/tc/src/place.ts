import { ArgumentError, Program, RevisionMismatchError } from '@millrace/core'
import { entryText } from './entry-text.js'
import { findAnchor } from './find-anchor.js'
import type { Entry, Grip, Placement, Position, TcMechanism, Unavailable } from './mechanism.js'
import type { CheckedOrder } from './order.js'
import { entriesOn, type Place, placeWith, type Site } from './site.js'

/** What to attach, and where. */
export interface PlaceRequest extends Omit<Placement, 'position'> {
  readonly order: CheckedOrder
  readonly mechanism: TcMechanism | 'auto'
}

/** A program that is in place. */
export interface Placed {
  readonly grip: Grip
  /** why not by the better mechanism */
  readonly reason: string | undefined
}

/** Puts the program where the request says. */
export function place(site: Site, request: PlaceRequest): Placed {
  const { order } = request
  return 'anchor' in order ? placeAtAnchor(site, request, order) : placeAtEdge(site, request, { at: order.at })
}

/** The better mechanism first; where the kernel does not have it, the next. */
function placeAtEdge({ places }: Site, request: PlaceRequest, position: Position): Placed {
  const refusals: Unavailable[] = []
  for (const candidate of places) {
    if (request.mechanism !== 'auto' && request.mechanism !== candidate.mechanism) continue
    const result = candidate.attach({ ...request, position })
    if (!('unavailable' in result)) return { grip: result, reason: refusals[0]?.reason }
    refusals.push(result)
  }
  // Somebody was asked, and each has refused.
  throw (refusals.at(-1) as Unavailable).unavailable
}

/** By the mechanism by which the anchor stands there. */
function placeAtAnchor(site: Site, request: PlaceRequest, order: Extract<CheckedOrder, { argument: string }>): Placed {
  const { mechanism } = request
  const { anchor, at, argument } = order
  const refusal = refusalOf(site, mechanism)
  if (refusal !== undefined && mechanism !== 'auto') throw refusal.unavailable
  const entry = findAnchor(anchor, { entries: entriesOn(site), target: site.target, argument })
  const where = placeWith(site, entry)
  if (mechanism !== 'auto' && mechanism !== where.mechanism) {
    const expected = `one that stands on ${mechanism}, as options.mechanism asks for`
    throw new ArgumentError({ argument, value: `${entryText(entry)} on ${where.mechanism}`, expected })
  }
  const isBest = mechanism !== 'auto' || where === site.places[0]
  const placed = { reason: isBest ? undefined : (refusal?.reason ?? onlyThere(entry)) }
  if (at === 'replace') return { ...placed, grip: takeOver(site, where, request, entry) }
  const result = where.attach({ ...request, position: { at, anchor: entry } })
  if ('unavailable' in result) throw result.unavailable
  return { ...placed, grip: result }
}

/** Whether the kernel lacks the mechanism that is wanted; of several, the best. */
function refusalOf({ places }: Site, mechanism: TcMechanism | 'auto'): Unavailable | undefined {
  const wanted = places.find((it) => mechanism === 'auto' || it.mechanism === mechanism)
  const found = wanted?.list()
  return found !== undefined && 'unavailable' in found ? found : undefined
}

function onlyThere(entry: Entry): string {
  return `${entryText(entry)}, which the order names, stands on ${entry.mechanism}`
}

/** The program that is to go is named, so that it is noticed when somebody has replaced it meanwhile. */
function takeOver(
  { target }: Site,
  where: Place,
  { program, expectedRevision, mark }: PlaceRequest,
  entry: Entry,
): Grip {
  const standing = where.list()
  if (expectedRevision !== undefined && 'revision' in standing && standing.revision !== expectedRevision) {
    throw new RevisionMismatchError({ target, expected: expectedRevision, found: standing.revision })
  }
  const grip = where.grip(entry, mark)
  try {
    using old = Program.openById(entry.programId).as('sched_cls')
    grip.update(program, old)
    return grip
  } catch (error) {
    grip.close()
    throw error
  }
}
