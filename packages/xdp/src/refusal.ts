import { errno, errnoName, errnoText, type Failure, type Interface } from '@millrace/core/internal'
import type { XdpRefusal } from './errors/index.js'
import type { XdpMechanism } from './mechanism.js'
import type { XdpMode } from './mode.js'

/** Puts a refused attempt into words: what the errno means here, and what the kernel itself said. */
export function refusal(iface: Interface, mode: XdpMode, mechanism: XdpMechanism, failure: Failure): XdpRefusal {
  const said = kernelMessage(failure.log)
  const code = said === undefined ? errnoName(failure.errno) : `${errnoName(failure.errno)}: ${said}`
  return { mode, mechanism, errno: failure.errno, reason: `${mode}: ${meaning(iface, mode, failure.errno)} (${code})` }
}

/** One reason a mode: netlink was tried last, and has the kernel's own words. */
export function lastOfEachMode(refusals: readonly XdpRefusal[]): XdpRefusal[] {
  return refusals.filter(({ mode }, index) => refusals[index + 1]?.mode !== mode)
}

/** Why a program that is attached in this mode is not in a better one, or not by a link; undefined: nothing was refused. */
export function whyNotBetter(refusals: readonly XdpRefusal[], got: XdpMode): string | undefined {
  const reasons = lastOfEachMode(refusals).map(({ mode, reason, errno }) =>
    mode === got ? `link: the kernel gave none (${errnoName(errno)})` : reason,
  )
  return reasons.length === 0 ? undefined : reasons.join('; ')
}

/** Netlink carries a sentence of the kernel's (extack), which libbpf prints. */
function kernelMessage(log: string): string | undefined {
  return /Kernel error message: (.*?)\.?\s*$/m.exec(log)?.[1]
}

function meaning({ name }: Interface, mode: XdpMode, code: number): string {
  switch (code) {
    case errno.EOPNOTSUPP:
      if (mode === 'native') return `the driver of ${name} has no XDP support`
      return mode === 'offload' ? `${name} cannot run programs in hardware` : `${name} takes no XDP program`
    case errno.ERANGE:
      return `the MTU of ${name} is too large for a program without frags`
    case errno.EINVAL:
      return mode === 'offload'
        ? `the program was not loaded for the hardware of ${name}`
        : `${name} refused the program`
    default:
      return `${name} refused the program, ${errnoText(code)}`
  }
}
