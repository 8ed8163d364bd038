import { ArgumentError, type MillraceError, UnsupportedKernelError } from '@millrace/core'
import { errno, type Failure, isAtLeast, runningKernel } from '@millrace/core/internal'
import type { NetkitHook } from '../hook.js'
import type { Unavailable } from '../mechanism.js'
import { ProgramList } from './program-list.js'

/** enum bpf_attach_type */
const attachTypes = { primary: 54, peer: 55 } as const

const SINCE = '6.7'

/** The kernel's list of programs on a netkit device. */
export const netkit = new ProgramList<NetkitHook>({
  name: 'netkit',
  attachType: ({ endpoint }) => attachTypes[endpoint],
  absent: netkitRefusal,
})

/** In the words of the driver. */
export function netkitRefusal(
  { interface: { name } }: NetkitHook,
  { errno: code }: Failure,
): Unavailable | MillraceError | undefined {
  switch (code) {
    // The attach type is unknown, or known to no code that was built in.
    case errno.EINVAL:
      return unsupported()
    // What netkit says of a device of another kind, and of the end that the hooks do not belong to.
    case errno.ENXIO:
      return new ArgumentError({ argument: 'iface', value: name, expected: 'a netkit device' })
    case errno.EACCES:
      return new ArgumentError({
        argument: 'iface',
        value: name,
        expected: 'the primary device of a netkit pair, to which the hooks of both ends belong',
      })
    default:
      return undefined
  }
}

function unsupported(): Unavailable {
  const running = runningKernel()
  const error = isAtLeast(SINCE)
    ? new UnsupportedKernelError({ feature: 'netkit', running, hint: 'it was built without CONFIG_NETKIT' })
    : new UnsupportedKernelError({ feature: 'netkit', needed: SINCE, running })
  return { reason: error.message, unavailable: error }
}
