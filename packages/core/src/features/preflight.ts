import { existsSync } from 'node:fs'
import {
  type Capability,
  hasCapability,
  isDelegated,
  isInitialUserNamespace,
  readProc,
  unprivilegedBpfDisabled,
} from '../capabilities.js'
import { isAtLeast, runningKernel } from '../kernel-version.js'

/** What a machine offers to eBPF. */
export interface Preflight {
  /** whether nothing stands in the way of loading networking programs: `problems` is empty */
  readonly ready: boolean
  /** a sentence for each thing that stands in the way, with what to do */
  readonly problems: readonly string[]
  /** as `uname -r` says */
  readonly kernel: string
  /** `on`, `off`: programs are interpreted, some ten times slower; `unknown`: the kernel does not say, as in a network namespace */
  readonly jit: 'on' | 'off' | 'unknown'
  /** the kernel's own BTF, which CO-RE needs */
  readonly btf: boolean
  /** where bpf filesystems are mounted; pins need one */
  readonly bpffs: readonly string[]
  readonly capabilities: { readonly CAP_BPF: boolean; readonly CAP_NET_ADMIN: boolean; readonly CAP_PERFMON: boolean }
  /** `kernel.unprivileged_bpf_disabled`; undefined where the kernel does not say */
  readonly unprivilegedBpfDisabled: number | undefined
}

/** The oldest kernel on which core, maps, xdp and tc work. */
const leastKernel = '5.10'

/**
 * Looks at the machine before anything is loaded, without needing any permission: for a message at start-up, or a doctor
 * command. Loading does not depend on it; it explains itself when it fails.
 *
 * @example
 * ```ts
 * import { preflight } from '@millrace/core'
 *
 * const { ready, problems } = preflight()
 * if (!ready) {
 *   for (const problem of problems) console.error(problem)
 *   process.exit(1)
 * }
 * ```
 */
export function preflight(): Preflight {
  const facts = {
    platform: process.platform,
    kernel: runningKernel(),
    jit: jit(),
    btf: existsSync('/sys/kernel/btf/vmlinux'),
    bpffs: bpfMounts(),
    capabilities: {
      CAP_BPF: holds('CAP_BPF'),
      CAP_NET_ADMIN: holds('CAP_NET_ADMIN'),
      CAP_PERFMON: holds('CAP_PERFMON'),
    },
    unprivilegedBpfDisabled: unprivilegedBpfDisabled(),
  }
  const problems = problemsOf(facts, isInitialUserNamespace() || isDelegated())
  const { platform: _, ...shown } = facts
  return { ready: problems.length === 0, problems, ...shown }
}

type Facts = Omit<Preflight, 'ready' | 'problems'> & { readonly platform: string }

/** @internal Pure, so that machines that are not at hand can be tried. */
export function problemsOf({ platform, kernel, capabilities }: Facts, capabilitiesCount: boolean): string[] {
  if (platform !== 'linux') return [`eBPF is part of Linux, this is ${platform}`]
  const problems: string[] = []
  if (!isAtLeast(leastKernel, kernel)) problems.push(`Linux ${leastKernel} or later is needed, this is ${kernel}`)
  const missing = (['CAP_BPF', 'CAP_NET_ADMIN'] as const).filter((it) => !capabilities[it])
  if (missing.length > 0) problems.push(`this process does not have ${missing.join(' and ')}: run as root or grant it`)
  else if (!capabilitiesCount) {
    problems.push('this process is in a user namespace of its own, whose capabilities do not count for BPF')
  }
  return problems
}

/** CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON, and for CAP_NET_ADMIN where programs are loaded. */
function holds(capability: Capability): boolean {
  return hasCapability(capability) || (capability !== 'CAP_NET_ADMIN' && hasCapability('CAP_SYS_ADMIN'))
}

function jit(): Preflight['jit'] {
  const setting = readProc('/proc/sys/net/core/bpf_jit_enable').trim()
  if (setting === '') return 'unknown'
  return setting === '0' ? 'off' : 'on'
}

function bpfMounts(): string[] {
  const lines = readProc('/proc/self/mounts').split('\n')
  const mounts = lines.map((line) => line.split(' ')).filter(([, , type]) => type === 'bpf')
  return mounts.map(([, path = '']) =>
    path.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
  )
}
