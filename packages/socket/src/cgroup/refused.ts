import { dirname } from 'node:path'
import { ArgumentError, AttachBusyError, RevisionMismatchError, UnsupportedKernelError } from '@millrace/core'
import {
  attachmentSince,
  describeProgram,
  errno,
  explain,
  type Failure,
  isAtLeast,
  runningKernel,
} from '@millrace/core/internal'
import { checkExists, resolveCgroup } from './cgroup.js'
import { gone } from './find-anchor.js'
import type { CgroupProgram } from './grip.js'
import { cgroupHooks } from './hooks.js'
import type { CgroupMode } from './mode.js'
import type { CheckedOrder } from './order.js'
import { type Place, target } from './place.js'
import { cgroupMounts } from './root.js'
import { type Standing, standingAt } from './standing.js'

/** What was asked of the kernel. */
export interface Attempt {
  readonly program: CgroupProgram
  readonly place: Place
  readonly mode: CgroupMode
  readonly preorder: boolean
  readonly order?: CheckedOrder
  readonly expectedRevision?: bigint | undefined
}

/** BPF_CGROUP_MAX_PROGS of the kernel. */
const MOST_PROGRAMS = 64

/** Before, the kernel takes it for a wrong flag. */
const PREORDER_SINCE = '6.15'

/** The error for a program that the kernel did not take. */
export function refused(attempt: Attempt, failure: Failure): Error {
  const { program, place, order, expectedRevision } = attempt
  checkExists(place.cgroup)
  switch (failure.errno) {
    case errno.EPERM:
    case errno.EACCES: {
      const conflict = conflictOf(attempt)
      if (conflict !== undefined) return conflict
      break
    }
    case errno.ENOENT:
      if (order !== undefined && 'anchor' in order) return gone(order.anchor, place)
      break
    case errno.ESTALE:
      if (expectedRevision !== undefined) return mismatch(place, expectedRevision)
      break
    case errno.E2BIG:
      return new AttachBusyError({
        target: target(place),
        holder: {},
        hint: `${MOST_PROGRAMS} programs stand there, and the kernel takes no more`,
      })
    case errno.EINVAL:
      return invalid(attempt, failure)
  }
  return unexplained(program, place, failure)
}

export function mismatch(place: Place, expected: bigint): RevisionMismatchError {
  return new RevisionMismatchError({ target: target(place), expected, found: standingAt(place).revision })
}

/** The error for a kernel that keeps programs in the order in which they came. */
export function noOrder(feature: string): UnsupportedKernelError {
  return new UnsupportedKernelError({ feature, needed: attachmentSince('cgroup order'), running: runningKernel() })
}

function noPreorder(): UnsupportedKernelError {
  const hasDirect = isAtLeast(PREORDER_SINCE)
  return new UnsupportedKernelError({
    feature: hasDirect ? 'a link with preorder' : 'preorder',
    needed: hasDirect ? attachmentSince('cgroup order') : PREORDER_SINCE,
    running: runningKernel(),
  })
}

/** Who stands there already, when the kernel will not have others beside him. */
export function taken(place: Place, standing: Standing, hint: string): AttachBusyError {
  const [holder] = standing.entries
  const linkId = holder?.linkId === 0 ? undefined : holder?.linkId
  return new AttachBusyError({
    target: target(place),
    holder:
      holder === undefined ? {} : { program: describeProgram(holder.programId) ?? { id: holder.programId }, linkId },
    hint,
  })
}

/**
 * EPERM is also what the kernel says when another program allows none beside or below it: here, or in the nearest group
 * above that has one.
 */
function conflictOf({ place, mode }: Attempt): AttachBusyError | undefined {
  const own = standingAt(place)
  if (own.mode !== undefined && own.mode !== mode) {
    return taken(place, own, `it was attached with mode ${own.mode}, and one with mode ${mode} cannot stand beside it`)
  }
  for (const above of ancestors(place)) {
    const standing = standingAt(above)
    if (standing.mode === 'exclusive') {
      return taken(
        above,
        standing,
        `its mode is exclusive, and allows no programs in the groups below, as ${place.cgroup.path}`,
      )
    }
    if (standing.mode !== undefined) return undefined
  }
  return undefined
}

/** The same hook of the groups above, the nearest first. */
export function* ancestors({ cgroup, hook }: Place): Generator<Place> {
  const mounts = cgroupMounts()
  for (let { path } = cgroup; !mounts.includes(path) && path !== '/'; ) {
    path = dirname(path)
    yield { hook, cgroup: resolveCgroup(path) }
  }
}

/** EINVAL: for a flag that this kernel does not know, a program that stands there already, or one for another hook. */
function invalid({ program, place, preorder, order, mode }: Attempt, failure: Failure): Error {
  const { revision, entries } = standingAt(place)
  // A kernel that counts revisions knows all of it.
  if (revision === 0n && preorder) return noPreorder()
  if (revision === 0n && order !== undefined && order.at !== 'last')
    return noOrder('an order among the programs of a control group')
  if (mode === 'multi' && entries.some(({ programId, linkId }) => programId === program.id && linkId === 0)) {
    return new AttachBusyError({
      target: target(place),
      holder: { program },
      hint: 'without links, a program cannot stand at a hook twice: load it again to have another',
    })
  }
  if (program.section === undefined) {
    return new ArgumentError({
      argument: 'options.hook',
      value: place.hook,
      expected: `the hook that program ${program.name} was loaded for, which the kernel does not tell: it says that it is not this one`,
    })
  }
  if (order !== undefined && 'anchor' in order) {
    const expected = `${!preorder}, as of the anchor: those with preorder and those without are ordered apart`
    return new ArgumentError({ argument: 'options.preorder', value: preorder, expected })
  }
  return unexplained(program, place, failure)
}

function unexplained(program: CgroupProgram, place: Place, { errno, log }: Failure): Error {
  return explain({
    operation: `attach program ${program.name} to ${target(place)}`,
    errno,
    log,
    needs: [['CAP_NET_ADMIN']],
    feature: { name: `the hook ${place.hook} of control groups`, since: cgroupHooks[place.hook].since },
  })
}
