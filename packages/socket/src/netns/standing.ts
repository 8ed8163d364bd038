import { errno, explain, nativeBinding, needsToEnter, unknownNetns } from '@millrace/core/internal'
import { NetnsGoneError } from '../errors/index.js'
import { linksByProgram } from '../links.js'
import { isGone, nativeTarget, netnsHooks, type Place, target } from './hook.js'

/** A program at a hook of a network namespace, whoever put it there. */
export interface Entry {
  readonly programId: number
  /** 0: attached without a link; undefined: it cannot be told */
  readonly linkId: number | undefined
}

/** The programs at a hook, in the order in which they run. */
export function standingAt(place: Place): Entry[] {
  const state = nativeBinding().hookQuery(nativeTarget(place), netnsHooks[place.hook].attachType, 0)
  if ('errno' in state) throw refusedQuery(place, state)
  const { attachType } = netnsHooks[place.hook]
  const linkOf = linksByProgram(
    (link) => link.netnsInode === place.inode && link.attachType === attachType,
    state.programs,
  )
  return state.programs.map(({ programId }) => ({ programId, linkId: linkOf(programId) }))
}

function refusedQuery(place: Place, failure: { readonly errno: number; readonly log: string }): Error {
  const { hook, netns } = place
  if (isGone(place)) return new NetnsGoneError({ netns })
  // What is there is no namespace.
  if (failure.errno === errno.EINVAL && netns !== '') return unknownNetns(netns)
  const needs = [...needsToEnter(netns), ['CAP_NET_ADMIN', 'CAP_SYS_ADMIN'] as const]
  const feature = { name: `a query of ${netnsHooks[hook].name}`, since: netnsHooks[hook].linkSince }
  return explain({ operation: `query ${target(place)}`, ...failure, needs, feature })
}
