import { InterfaceGoneError, type MillraceError } from '@millrace/core'
import {
  errno,
  explain,
  type Failure,
  interfaceExists,
  type NativeOrder,
  nativeBinding,
  needsToEnter,
} from '@millrace/core/internal'
import { type NetkitHook, type TcHook, target } from '../hook.js'
import type { Entry, Grip, Mechanism, Placement, Position, Standing, TcMechanism, Unavailable } from '../mechanism.js'
import { LinkGrip } from './link-grip.js'
import { LinklessGrip } from './linkless-grip.js'
import type { ListHook } from './list-hook.js'
import { refusedAttach } from './refused.js'

/** What the kinds of lists do not have in common. */
export interface ListKind<H> {
  readonly name: TcMechanism
  /** enum bpf_attach_type */
  attachType(hook: H): number
  /** What a refused question means; undefined: nothing that is peculiar to the kind. */
  absent(hook: H, failure: Failure): Unavailable | MillraceError | undefined
}

const BEFORE = 1 << 3
const AFTER = 1 << 4
const ANCHOR_IS_LINK = 1 << 13

/** What the kernel may say when it has no such list, or not here: a question about it is answered with more precision. */
const unspecific: ReadonlySet<number> = new Set([
  errno.EINVAL,
  errno.EOPNOTSUPP,
  errno.E2BIG,
  errno.ENXIO,
  errno.EACCES,
])

/** TCX or netkit. */
export class ProgramList<H extends TcHook | NetkitHook> implements Mechanism<H> {
  readonly name: TcMechanism
  readonly #kind: ListKind<H>

  constructor(kind: ListKind<H>) {
    this.name = kind.name
    this.#kind = kind
  }

  list(hook: H): Standing | Unavailable {
    const { index, netns, name } = hook.interface
    const state = nativeBinding().hookQuery({ ifindex: index, netns }, this.#kind.attachType(hook), 0)
    if (!('errno' in state)) {
      const entries = state.programs.map((it) => this.#entry(it))
      return { entries, revision: state.revision }
    }
    if (!interfaceExists(hook.interface)) throw new InterfaceGoneError({ interface: name, ifindex: index })
    const known = this.#kind.absent(hook, state)
    if (known !== undefined && 'unavailable' in known) return known
    if (known !== undefined) throw known
    const needs = [...needsToEnter(netns), ['CAP_NET_ADMIN'] as const]
    throw explain({ operation: `query ${target(hook)}`, errno: state.errno, log: state.log, needs })
  }

  attach(hook: H, placement: Placement): Grip | Unavailable {
    const { index, netns } = hook.interface
    const type = this.#kind.attachType(hook)
    const { program, position, expectedRevision } = placement
    const link = nativeBinding().linkCreate(
      program.handle,
      { ifindex: index, netns },
      type,
      order(position, expectedRevision),
    )
    if (typeof link === 'number') return LinkGrip.of(link, this.#hook(hook))
    const listed = unspecific.has(link.errno) ? this.list(hook) : undefined
    if (listed !== undefined && 'unavailable' in listed) return listed
    throw refusedAttach(this.#hook(hook), placement, link)
  }

  grip(hook: H, entry: Entry): Grip {
    const place = this.#hook(hook)
    return entry.linkId === 0 ? new LinklessGrip(entry.programId, place) : LinkGrip.open(entry, place)
  }

  #hook(hook: H): ListHook {
    const list = () => {
      const found = this.list(hook)
      if ('unavailable' in found) throw found.unavailable
      return found
    }
    const attachType = this.#kind.attachType(hook)
    return { mechanism: this.name, interface: hook.interface, attachType, target: target(hook), list }
  }

  #entry({ programId, linkId }: { readonly programId: number; readonly linkId: number }): Entry {
    return { mechanism: this.name, programId, linkId, filter: undefined, mark: undefined }
  }
}

/** Before or after no one in particular is before or after all. */
function order(position: Position, expectedRevision: bigint | undefined): NativeOrder {
  const revision = { expectedRevision: expectedRevision ?? 0n }
  if (!('anchor' in position)) {
    return { flags: position.at === 'first' ? BEFORE : AFTER, relativeId: 0, ...revision }
  }
  const side = position.at === 'before' ? BEFORE : AFTER
  const { linkId, programId } = position.anchor
  return linkId === 0
    ? { flags: side, relativeId: programId, ...revision }
    : { flags: side | ANCHOR_IS_LINK, relativeId: linkId, ...revision }
}
