import { AttachBusyError, type Program } from '@millrace/core'
import { describeProgram, errno, explain, type Failure, needsToEnter, unknownNetns } from '@millrace/core/internal'
import { NetnsGoneError } from '../errors/index.js'
import { isGone, type NetnsHook, netnsHooks, type Place, target } from './hook.js'
import { standingAt } from './standing.js'

/** The kernel's limit for sk_lookup. */
const MOST_PROGRAMS = 64

/** The error for a program that the kernel did not take. */
export function refused(program: Program<NetnsHook>, place: Place, failure: Failure): Error {
  const { netns, hook } = place
  if (isGone(place)) return new NetnsGoneError({ netns })
  switch (failure.errno) {
    case errno.E2BIG:
    case errno.EEXIST:
    case errno.EBUSY:
      return busy(place)
    case errno.EINVAL:
      // Opened, and no namespace.
      if (netns !== '' && !isNetns(place)) return unknownNetns(netns)
  }
  const { name, linkSince } = netnsHooks[hook]
  return explain({
    operation: `attach program ${program.name} to ${target(place)}`,
    errno: failure.errno,
    log: failure.log,
    needs: [...needsToEnter(netns), ['CAP_NET_ADMIN']],
    feature: { name: `a link for ${name}`, since: linkSince },
  })
}

/** The error for a hook that has as many programs as it takes. */
export function busy(place: Place): AttachBusyError {
  const [holder] = standingAt(place)
  if (place.hook === 'sk_lookup') {
    const hint = `${MOST_PROGRAMS} programs stand there, and the kernel takes no more`
    return new AttachBusyError({ target: target(place), holder: {}, hint })
  }
  if (holder === undefined) {
    const hint =
      'it is in another namespace: one in the first of the machine is for all of them, and they then have none of their own'
    return new AttachBusyError({ target: target(place), holder: {}, hint })
  }
  const { programId, linkId } = holder
  return new AttachBusyError({
    target: target(place),
    holder: { program: describeProgram(programId) ?? { id: programId }, linkId: linkId === 0 ? undefined : linkId },
    hint: 'a namespace has one: detach it, or put another program into its link',
  })
}

function isNetns(place: Place): boolean {
  try {
    standingAt(place)
    return true
  } catch {
    return false
  }
}
