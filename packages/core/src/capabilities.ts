import { readFileSync } from 'node:fs'

/** The capabilities that BPF asks for, by their bit in `CapEff`. */
const bits = {
  CAP_DAC_OVERRIDE: 1n,
  CAP_NET_ADMIN: 12n,
  CAP_NET_RAW: 13n,
  CAP_SYS_PTRACE: 19n,
  CAP_SYS_ADMIN: 21n,
  CAP_PERFMON: 38n,
  CAP_BPF: 39n,
} as const

/** A capability by its name in `capabilities(7)`. */
export type Capability = keyof typeof bits

/** What an operation asks for: each entry has alternatives, any of which will do; the first is the one to grant. */
export type CapabilityNeeds = readonly (readonly [Capability, ...Capability[]])[]

/** To read or open what others made, by id. */
export const needsToInspect: CapabilityNeeds = [['CAP_SYS_ADMIN']]

/** To create maps and load programs that see no packets. */
export const needsBpf: CapabilityNeeds = [['CAP_BPF', 'CAP_SYS_ADMIN']]

/** The first capability that is needed and not there. */
export function missingCapability(needs: CapabilityNeeds, effective = effectiveCapabilities()): Capability | undefined {
  return needs.find((alternatives) => !alternatives.some((it) => hasCapability(it, effective)))?.[0]
}

export function hasCapability(capability: Capability, effective = effectiveCapabilities()): boolean {
  return ((effective >> bits[capability]) & 1n) === 1n
}

/** `CapEff` of this thread, one bit a capability. */
export function effectiveCapabilities(): bigint {
  const field = /^CapEff:\s*([0-9a-f]+)$/m.exec(readProc('/proc/thread-self/status'))?.[1]
  return field === undefined ? 0n : BigInt(`0x${field}`)
}

/** Root in a user namespace of its own holds capabilities that BPF does not accept. */
export function isInitialUserNamespace(): boolean {
  return /^\s*0\s+0\s+4294967295\s*$/.test(readProc('/proc/self/uid_map'))
}

/** Whether root delegates BPF to this user namespace by a bpf filesystem at the place where tokens are made. */
export function isDelegated(): boolean {
  const chosen = process.env.LIBBPF_BPF_TOKEN_PATH ?? '/sys/fs/bpf'
  const mounts = readProc('/proc/self/mounts').split('\n')
  return mounts.some((line) => {
    const [, path, type, options = ''] = line.split(' ')
    return type === 'bpf' && path === chosen && options.includes('delegate_cmds=')
  })
}

/** What stands in the way of an operation for which all capabilities are there, or '' . */
export function otherRestriction(): string {
  if (!isInitialUserNamespace()) {
    const others = 'capabilities of a user namespace other than the first do not count for BPF'
    return `${others}, ${isDelegated() ? 'and no more is delegated to this one' : 'and none are delegated to this one'}`
  }
  const lockdown = /\[(\w+)\]/.exec(readProc('/sys/kernel/security/lockdown'))?.[1]
  if (lockdown === 'confidentiality') return 'kernel lockdown (confidentiality) forbids it'
  return ''
}

/** `kernel.unprivileged_bpf_disabled`: 0 allowed, 1 and 2 refused; undefined where the kernel does not say. */
export function unprivilegedBpfDisabled(): number | undefined {
  const text = readProc('/proc/sys/kernel/unprivileged_bpf_disabled').trim()
  return text === '' ? undefined : Number(text)
}

/** A file of /proc or /sys, '' when it cannot be read. */
export function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
