import { MissingCapabilityError, type UnsupportedKernelError } from '@millrace/core'
import { errno, errnoName, type Failure, type NativeOrder } from '@millrace/core/internal'
import { taken } from './busy.js'
import { findAnchor } from './find-anchor.js'
import type { Grip } from './grip.js'
import { DirectGrip } from './grip-direct.js'
import { LinkGrip } from './grip-link.js'
import { AFTER, ANCHOR_IS_LINK, BEFORE, type CgroupMode, PREORDER } from './mode.js'
import type { AttachRequest } from './options.js'
import { mismatch, noOrder, refused } from './refused.js'
import { type Standing, standingAt } from './standing.js'

/** A program that is in place. */
export interface Attached {
  readonly grip: Grip
  /** why not a link */
  readonly reason: string | undefined
}

/** Puts a program beside those that stand there. */
export function attachFresh(request: AttachRequest): Attached {
  const { mode = 'multi' } = request
  return mode === 'multi' ? attachBeside(request) : attachAlone(request, mode)
}

function attachBeside(request: AttachRequest): Attached {
  const { program, place, preorder, mechanism } = request
  const order = nativeOrder(request)
  let reason: string | undefined
  if (mechanism !== 'direct') {
    const link = LinkGrip.attach(program, place, { ...order, flags: order.flags | (preorder ? PREORDER : 0) })
    if (link instanceof LinkGrip) return { grip: link, reason: undefined }
    if (mechanism === 'link' || !isUnknown(link)) throw refused({ ...request, mode: 'multi' }, link)
    reason = `link: the kernel gave none (${errnoName(link.errno)})`
  }
  checkMayLook(request)
  const grip = DirectGrip.attach(program, place, { mode: 'multi', preorder }, order)
  if (grip instanceof DirectGrip) return { grip, reason }
  throw refused({ ...request, mode: 'multi' }, grip)
}

/** Who may not look could neither tell nor remove what is attached without a link, though the kernel lets some hooks take it. */
function checkMayLook(request: AttachRequest): void {
  try {
    standingAt(request.place)
  } catch (error) {
    if (!(error instanceof MissingCapabilityError)) throw error
    throw refused({ ...request, mode: 'multi' }, { errno: errno.EPERM, log: '' })
  }
}

/** The kernel would put the program into the place of another of the same mode, so that is looked at before. */
function attachAlone(request: AttachRequest, mode: CgroupMode): Attached {
  const { program, place, preorder, mechanism } = request
  const order = nativeOrder(request)
  const standing = standingAt(place)
  if (standing.mode !== undefined) throw taken(place, standing, standsAlone(mode))
  const expectedRevision = order.expectedRevision || standing.revision
  const grip = DirectGrip.attach(program, place, { mode, preorder }, { ...order, expectedRevision })
  if (grip instanceof DirectGrip) {
    const reason = mechanism === 'auto' ? `link: it would allow others beside it, and mode is ${mode}` : undefined
    return { grip, reason }
  }
  // Somebody was faster.
  if (grip.errno === errno.ESTALE && request.expectedRevision === undefined) {
    throw taken(place, standingAt(place), standsAlone(mode))
  }
  throw refused({ ...request, mode }, grip)
}

const standsAlone = (mode: CgroupMode) =>
  `with mode ${mode} a program stands alone: detach that one, or pass order: { replace: ... } to take its place`

/** What a kernel says that does not know of links to control groups, or of this one's flags. */
function isUnknown({ errno: code }: Failure): boolean {
  return code === errno.EINVAL || code === errno.EOPNOTSUPP || code === errno.ENOSYS
}

/** The order as the kernel takes it. Looks at the hook only where there is something to find there. */
function nativeOrder(request: AttachRequest): NativeOrder {
  const { order, place, expectedRevision = 0n } = request
  // Some kernels that do not count pay no heed to an expected revision.
  if (expectedRevision !== 0n) checkCounted(request, standingAt(place))
  switch (order.at) {
    case 'first':
      return { flags: BEFORE, relativeId: 0, expectedRevision }
    case 'before':
    case 'after': {
      const { linkId, programId } = findAnchor(order.anchor, place, standingAt(place))
      const side = order.at === 'before' ? BEFORE : AFTER
      return linkId === undefined || linkId === 0
        ? { flags: side, relativeId: programId, expectedRevision }
        : { flags: side | ANCHOR_IS_LINK, relativeId: linkId, expectedRevision }
    }
    default:
      return { flags: 0, relativeId: 0, expectedRevision }
  }
}

/** @throws UnsupportedKernelError, RevisionMismatchError */
export function checkCounted({ place, expectedRevision }: AttachRequest, { revision }: Standing): void {
  if (expectedRevision === undefined || expectedRevision === revision) return
  throw revision === 0n ? noCount() : mismatch(place, expectedRevision)
}

function noCount(): UnsupportedKernelError {
  return noOrder('expecting a revision of a control group')
}
