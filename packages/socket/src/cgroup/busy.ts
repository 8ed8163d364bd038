import { AttachBusyError } from '@millrace/core'
import { describeProgram } from '@millrace/core/internal'
import { ancestors } from './ancestors.js'
import type { CgroupMode } from './mode.js'
import { type Place, target } from './place.js'
import { type Standing, standingAt } from './standing.js'

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
export function conflictOf(place: Place, mode: CgroupMode): AttachBusyError | undefined {
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
