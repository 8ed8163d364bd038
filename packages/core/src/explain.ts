import {
  type CapabilityNeeds,
  isInitialUserNamespace,
  missingCapability,
  otherRestriction,
  unprivilegedBpfDisabled,
} from './capabilities.js'
import { errno as E } from './errno.js'
import { KernelError, type MillraceError, MissingCapabilityError, UnsupportedKernelError } from './errors/index.js'
import { isAtLeast, runningKernel } from './kernel-version.js'

/** A call that the kernel refused, and what is known of it. */
export interface Attempt {
  /** reads on after "could not": `pin the map flows` */
  readonly operation: string
  /** of either sign */
  readonly errno: number
  /** what the operation asks for */
  readonly needs?: CapabilityNeeds | undefined
  /** what the operation rests on, with the version that brought it */
  readonly feature?: { readonly name: string; readonly since: string } | undefined
  /** what else the errno usually means here */
  readonly hint?: string | undefined
  /** what libbpf printed */
  readonly log?: string | undefined
}

/**
 * Finds out why a call was refused, after the fact: nothing is asked of the kernel while things go well.
 */
export function explain({ operation, errno, needs = [], feature, hint, log }: Attempt): MillraceError {
  const positive = Math.abs(errno)
  if (positive === E.EPERM || positive === E.EACCES) {
    const capability = missingCapability(needs)
    if (capability !== undefined) {
      const more = unprivilegedBpfDisabled() === 0 ? undefined : 'kernel.unprivileged_bpf_disabled is set'
      return new MissingCapabilityError({ capability, operation, hint: capability === 'CAP_BPF' ? more : undefined })
    }
    const wanted = needs[0]?.[0]
    if (wanted !== undefined && !isInitialUserNamespace()) {
      return new MissingCapabilityError({ capability: wanted, operation, hint: otherRestriction() })
    }
    return new KernelError({ operation, errno: positive, hint: hint ?? (otherRestriction() || undefined), log })
  }
  const absent = positive === E.EINVAL || positive === E.EOPNOTSUPP || positive === E.ENOTSUPP || positive === E.ENOSYS
  if (absent && feature !== undefined && !isAtLeast(feature.since)) {
    return new UnsupportedKernelError({ feature: feature.name, needed: feature.since, running: runningKernel() })
  }
  return new KernelError({ operation, errno: positive, hint, log })
}

/** Until 5.11 programs and maps count as locked memory, whose limit libbpf raises where it may. */
export function lockedMemoryHint(running = runningKernel()): string | undefined {
  return isAtLeast('5.11', running) ? undefined : 'the limit of locked memory may be too low: ulimit -l unlimited'
}
