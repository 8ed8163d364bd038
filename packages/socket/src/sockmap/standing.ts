import { AttachBusyError, listLinks, MissingCapabilityError, UnsupportedKernelError } from '@millrace/core'
import {
  attachmentSince,
  describeProgram,
  errno,
  explain,
  isAtLeast,
  nativeBinding,
  runningKernel,
} from '@millrace/core/internal'
import { type SockMapHook, sockMapHooks } from './hooks.js'
import { attachTypeOf, type Place, target } from './place.js'

/** The id of the program that is attached; 0: none; undefined: a kernel that does not tell. */
export function standingAt(place: Place): number | undefined {
  const state = nativeBinding().hookQuery({ map: place.map.handle }, attachTypeOf(place), 0)
  if (!('errno' in state)) return state.programs[0]?.programId ?? 0
  // One of the two verdicts excludes the other, so this one is not there.
  if (state.errno === errno.EBUSY) return 0
  if (state.errno === errno.EINVAL && !isAtLeast(attachmentSince('sockmap query'))) return undefined
  const needs = [['CAP_NET_ADMIN', 'CAP_SYS_ADMIN']] as const
  throw explain({ operation: `query ${target(place)}`, errno: state.errno, log: state.log, needs })
}

/** The error of a kernel that does not tell what is attached. */
export function noQuery(): UnsupportedKernelError {
  const needed = attachmentSince('sockmap query')
  return new UnsupportedKernelError({ feature: 'querying the programs of a SockMap', needed, running: runningKernel() })
}

/** The link that holds a program at a hook of a map; undefined: none, or this process may not list links. */
export function linkAt(place: Place): number | undefined {
  const attachType = attachTypeOf(place)
  return links().find((it) => it.type === 'sockmap' && it.mapId === place.map.id && it.attachType === attachType)?.id
}

function links() {
  try {
    return listLinks()
  } catch (error) {
    if (error instanceof MissingCapabilityError) return []
    throw error
  }
}

/** The hooks that cannot have a program while another has. */
const exclusive: Partial<Record<SockMapHook, SockMapHook>> = {
  sk_skb_stream_verdict: 'sk_skb_verdict',
  sk_skb_verdict: 'sk_skb_stream_verdict',
}

/** The error for a hook that has a program, or whose place another hook of the map has taken; undefined: it is free. */
export function busyAt(place: Place): AttachBusyError | undefined {
  const other = exclusive[place.hook]
  return taken(place) ?? (other && taken({ ...place, hook: other }))
}

function taken(place: Place): AttachBusyError | undefined {
  const id = standingAt(place)
  if (id === undefined || id === 0) return undefined
  return new AttachBusyError({
    target: target(place),
    holder: { program: describeProgram(id) ?? { id }, linkId: linkAt(place) },
    hint: 'detach it, or update it from where it was attached: a map runs one program at each hook',
  })
}

/** The error for a program that the kernel did not take. */
export function refused(operation: string, { hook }: Place, code: number, log = ''): Error {
  const feature = { name: `the hook ${hook}`, since: sockMapHooks[hook].since }
  const hint =
    code === errno.EINVAL ? 'the program was loaded for another hook, or the kernel has not this one' : undefined
  return explain({ operation, errno: code, log, hint, feature, needs: [['CAP_NET_ADMIN']] })
}
