import {
  ArgumentError,
  AttachBusyError,
  MissingCapabilityError,
  RevisionMismatchError,
  UnsupportedKernelError,
} from '@millrace/core'
import { attachmentSince, errno, explain, type Failure, isAtLeast, runningKernel } from '@millrace/core/internal'
import { conflictOf } from './busy.js'
import { checkExists } from './cgroup.js'
import { gone } from './find-anchor.js'
import type { CgroupProgram } from './grip.js'
import { cgroupHooks } from './hooks.js'
import type { CgroupMode } from './mode.js'
import type { CheckedOrder } from './order.js'
import { type Place, target } from './place.js'
import { standingAt } from './standing.js'

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
    case errno.EACCES:
      return missing(program, place, failure) ?? conflictOf(place, attempt.mode) ?? unexplained(program, place, failure)
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
      // Without a link, it also says so of a missing capability.
      return missing(program, place, failure) ?? invalid(attempt, failure)
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

/** EINVAL: for a flag that this kernel does not know, a program that stands there already, or one for another hook. */
function invalid({ program, place, preorder, order, mode }: Attempt, failure: Failure): Error {
  const { revision, entries } = standingAt(place)
  // A kernel that counts revisions knows all of it.
  if (revision === 0n && preorder) return noPreorder()
  if (revision === 0n && order !== undefined && order.at !== 'last')
    return noOrder('an order among the programs of a control group')
  if (mode === 'multi' && entries.some(({ programId, linkId }) => programId === program.id && (linkId ?? 0) === 0)) {
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

function missing(program: CgroupProgram, place: Place, failure: Failure): MissingCapabilityError | undefined {
  const error = unexplained(program, place, { ...failure, errno: errno.EPERM })
  return error instanceof MissingCapabilityError ? error : undefined
}

function unexplained(program: CgroupProgram, place: Place, { errno, log }: Failure): Error {
  return explain({
    operation: `attach program ${program.name} to ${target(place)}`,
    errno,
    log,
    needs: [['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']],
    feature: { name: `the hook ${place.hook} of control groups`, since: cgroupHooks[place.hook].since },
  })
}
