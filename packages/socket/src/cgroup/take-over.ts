import { KernelError, Program, UnexpectedProgramError } from '@millrace/core'
import { errno } from '@millrace/core/internal'
import { type Attached, checkCounted } from './attach-fresh.js'
import { taken } from './busy.js'
import { findAnchor, gone } from './find-anchor.js'
import type { CgroupProgram } from './grip.js'
import { DirectGrip } from './grip-direct.js'
import { LinkGrip } from './grip-link.js'
import { cgroupHooks } from './hooks.js'
import type { AttachRequest } from './options.js'
import type { CgroupAnchor } from './order.js'
import { type Entry, type Standing, standingAt } from './standing.js'

/** Puts the program in the place of one that stands there, by the mechanism that holds that one: only so is it one step. */
export function takeOver(request: AttachRequest, anchor: CgroupAnchor): Attached {
  const { place } = request
  const standing = standingAt(place)
  checkCounted(request, standing)
  const entry = findAnchor(anchor, place, standing)
  using old = openOld(entry, anchor, request)
  try {
    return replace(request, old, entry, standing)
  } catch (error) {
    // It is another one by now, or none.
    if (error instanceof UnexpectedProgramError || isGone(error)) throw gone(anchor, place)
    throw error
  }
}

function replace(request: AttachRequest, old: CgroupProgram, entry: Entry, standing: Standing): Attached {
  const { program, place, mechanism } = request
  const { mode = 'multi' } = standing
  const only = { ...standing, entries: [entry] }
  if (request.mode !== undefined && request.mode !== mode) {
    throw taken(place, only, `it was attached with mode ${mode} and can only be replaced with that`)
  }
  if (entry.linkId === undefined) {
    throw taken(place, only, 'this process may not see whether a link holds it (CAP_SYS_ADMIN): update that itself')
  }
  const held = entry.linkId === 0 ? 'direct' : 'link'
  if (mechanism !== 'auto' && mechanism !== held) {
    throw taken(place, only, `its mechanism is ${held}, and it can only be replaced by that`)
  }
  if (entry.linkId !== 0) {
    return { grip: LinkGrip.replace(program, old, entry.linkId, place), reason: undefined }
  }
  const grip = DirectGrip.replace(program, old, place, { mode, preorder: request.preorder })
  const reason =
    mechanism === 'auto' ? 'link: what was attached without one can only be replaced without one' : undefined
  return { grip, reason }
}

function openOld({ programId }: Entry, anchor: CgroupAnchor, { place }: AttachRequest): CgroupProgram {
  try {
    return Program.openById(programId).as(cgroupHooks[place.hook].type)
  } catch (error) {
    if (isGone(error)) throw gone(anchor, place)
    throw error
  }
}

function isGone(error: unknown): boolean {
  return error instanceof KernelError && error.errno === errno.ENOENT
}
