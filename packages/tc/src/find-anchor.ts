import { AnchorGoneError, ArgumentError, ClosedError, Link, Program } from '@millrace/core'
import { describeProgram } from '@millrace/core/internal'
import { TcAttachment } from './attachment.js'
import { entryText } from './entry-text.js'

import type { Entry } from './mechanism.js'
import type { Anchor } from './options.js'

/** Where to look, and how errors name the place and the argument. */
export interface AnchorSearch {
  readonly entries: readonly Entry[]
  /** `tc ingress on eth0` */
  readonly target: string
  /** `options.order.before` */
  readonly argument: string
}

/** What an anchor means among those that stand on a hook. */
export function findAnchor(anchor: Anchor, { entries, target, argument }: AnchorSearch): Entry {
  checkOpen(anchor)
  const found = matches(anchor, entries)
  const [entry, second] = found
  if (entry === undefined) throw new AnchorGoneError({ target, anchor: anchorText(anchor) })
  if (second === undefined) return entry
  throw new ArgumentError({
    argument,
    value: anchorText(anchor),
    expected: `one that stands on ${target} once, and not ${found.map(entryText).join(' and ')}`,
  })
}

function matches(anchor: Anchor, entries: readonly Entry[]): readonly Entry[] {
  if (anchor instanceof TcAttachment) return entries.filter((entry) => anchor.holds(entry))
  if (anchor instanceof Program) return withProgram(anchor.id, entries)
  if (anchor instanceof Link) return withLink(anchor.id, entries)
  if ('programId' in anchor) return withProgram(anchor.programId, entries)
  if ('linkId' in anchor) return withLink(anchor.linkId, entries)
  return named(anchor.name, entries)
}

const withProgram = (id: number, entries: readonly Entry[]) => entries.filter(({ programId }) => programId === id)
const withLink = (id: number, entries: readonly Entry[]) => entries.filter(({ linkId }) => linkId === id)

/** The kinds of names, the more particular first. */
const kindsOfNames: readonly ((entry: Entry) => string | undefined)[] = [
  ({ mark }) => mark?.name,
  ({ filter }) => filter?.name,
  ({ programId }) => (programId === 0 ? undefined : describeProgram(programId)?.name),
]

function named(name: string, entries: readonly Entry[]): readonly Entry[] {
  for (const nameOf of kindsOfNames) {
    const found = entries.filter((entry) => nameOf(entry) === name)
    if (found.length > 0) return found
  }
  return []
}

function checkOpen(anchor: Anchor): void {
  if (anchor instanceof TcAttachment && anchor.closed) {
    throw new ClosedError({ what: 'attachment', name: anchor.name })
  }
  if (anchor instanceof Program && anchor.closed) throw new ClosedError({ what: 'program', name: anchor.name })
  if (anchor instanceof Link && anchor.closed) throw new ClosedError({ what: 'link', name: anchor.name })
}

function anchorText(anchor: Anchor): string {
  if (anchor instanceof TcAttachment) return `attachment ${anchor.name} (${anchor.mechanism} on ${anchor.interface})`
  if (anchor instanceof Program) return `program ${anchor.name} (id ${anchor.id})`
  if (anchor instanceof Link) return `link ${anchor.id}`
  if ('programId' in anchor) return `program ${anchor.programId}`
  if ('linkId' in anchor) return `link ${anchor.linkId}`
  return `name ${anchor.name}`
}
