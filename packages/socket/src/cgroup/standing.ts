import { explain, nativeBinding } from '@millrace/core/internal'
import { linksByProgram } from '../links.js'
import { checkExists } from './cgroup.js'
import { cgroupHooks } from './hooks.js'
import { type CgroupMode, modeOf } from './mode.js'
import { type Place, target } from './place.js'

/** A program at a hook, whoever put it there. */
export interface Entry {
  readonly programId: number
  /** 0: attached without a link; undefined: it cannot be told */
  readonly linkId: number | undefined
}

/** All that stand at a hook of one control group. */
export interface Standing {
  /** changes whenever `entries` do; 0n: the kernel does not count (before Linux 6.17) */
  readonly revision: bigint
  /** undefined: nothing stands there */
  readonly mode: CgroupMode | undefined
  /** in their order in this group */
  readonly entries: readonly Entry[]
}

/** @throws CgroupGoneError, MissingCapabilityError, UnsupportedKernelError */
export function standingAt(place: Place): Standing {
  const { revision, flags, programs } = queryHook(place, 0)
  const { cgroup, hook } = place
  const linkOf = linksByProgram(
    (link) => link.cgroupId === cgroup.id && link.attachType === cgroupHooks[hook].attachType,
    programs,
  )
  const entries = programs.map(({ programId }) => ({ programId, linkId: linkOf(programId) }))
  return { revision, mode: entries.length === 0 ? undefined : modeOf(flags), entries }
}

/** What the kernel says of a hook. */
export function queryHook(place: Place, flags: number) {
  const { attachType, since } = cgroupHooks[place.hook]
  checkExists(place.cgroup)
  const state = nativeBinding().hookQuery({ path: place.cgroup.path }, attachType, flags)
  if (!('errno' in state)) return state
  checkExists(place.cgroup)
  throw explain({
    operation: `query ${target(place)}`,
    errno: state.errno,
    log: state.log,
    needs: [['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']],
    feature: { name: `the hook ${place.hook} of control groups`, since },
  })
}
