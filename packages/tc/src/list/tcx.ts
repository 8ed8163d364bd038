import { UnsupportedKernelError } from '@millrace/core'
import { errno, type Failure, isAtLeast, runningKernel } from '@millrace/core/internal'
import type { TcHook } from '../hook.js'
import type { Unavailable } from '../mechanism.js'
import { ProgramList } from './program-list.js'

/** enum bpf_attach_type */
const attachTypes = { ingress: 46, egress: 47 } as const

const SINCE = '6.6'

/** The kernel's list of tc programs on an interface. */
export const tcx = new ProgramList<TcHook>({
  name: 'tcx',
  attachType: ({ direction }) => attachTypes[direction],
  absent: (_, failure) => absence(failure),
})

/** What a kernel says that does not know TCX. */
function absence({ errno: code }: Failure): Unavailable | undefined {
  if (code !== errno.EINVAL) return undefined
  const running = runningKernel()
  const error = isAtLeast(SINCE)
    ? new UnsupportedKernelError({ feature: 'TCX', running, hint: 'it was built without CONFIG_NET_XGRESS' })
    : new UnsupportedKernelError({ feature: 'TCX', needed: SINCE, running })
  return { reason: error.message, unavailable: error }
}
