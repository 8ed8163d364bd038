import { Link, loadSync, type Program } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { makeConfig, takesFrags } from './config.js'
import { dispatcher as plain } from './generated/dispatcher.bpf.js'
import { dispatcherFrags } from './generated/dispatcher_frags.bpf.js'
import { goOnMask } from './go-on.js'
import type { Member } from './member.js'
import type { Place } from './place.js'
import { recordSet, removeRecord } from './records.js'
import { linkRefused } from './refusal.js'
import { pinSet, removeSet } from './set-pins.js'

/** A dispatcher that is complete and on no interface yet. */
export interface BuiltSet extends Disposable {
  readonly dispatcher: Program<'xdp'>
  /** Takes its pins away: it was not needed. */
  discard(): void
}

/**
 * Makes a dispatcher with all its programs in their slots, and pins them, before any packet can meet it. The programs stay
 * in the slots of other dispatchers that have them (Linux 5.10).
 */
export function buildSet(place: Place, members: readonly Member[]): BuiltSet {
  const object = loadDispatcher(members)
  const dispatcher = object.programs.xdpDispatcher
  const links: Link[] = []
  try {
    for (const [slot, { program }] of members.entries()) {
      links.push(putIn(dispatcher, functionOf(members, slot), program))
    }
    const record = recordSet(place, dispatcher.id)
    pinSet(
      place,
      dispatcher.id,
      members.map(({ program }, slot) => ({ program, link: links[slot] as Link })),
    )
    const discard = () => {
      removeSet(place, dispatcher.id)
      removeRecord(record.path)
    }
    return { dispatcher, discard, [Symbol.dispose]: () => object.close() }
  } catch (error) {
    object.close()
    throw error
  } finally {
    for (const link of links) link.close()
  }
}

/** A dispatcher with room for these programs, which are not in it yet. */
export function loadDispatcher(slots: readonly Pick<Member, 'priority' | 'goOn' | 'frags'>[]) {
  return loadSync(takesFrags(slots) ? dispatcherFrags : plain, { constants: { config: makeConfig(slots) } })
}

/**
 * A program that is alone takes the place of the whole dispatcher, and costs nothing more than without one, as with libxdp. Unless
 * there is a verdict other than pass after which it wants to go on, for at the end of the dispatcher all packets pass.
 */
function functionOf(members: readonly Member[], slot: number): string {
  const isWhole = members.length === 1 && (members[0]?.goOn ?? 0) === goOnMask(['pass'])
  return isWhole ? 'xdp_dispatcher' : `prog${slot}`
}

function putIn(dispatcher: Program<'xdp'>, name: string, program: Program): Link {
  const target = { program: dispatcher.handle, function: name }
  const handle = nativeBinding().linkCreate(program.handle, target, 0, null)
  if (typeof handle === 'number') return Link.fromHandle(handle)
  throw linkRefused(program, handle)
}
