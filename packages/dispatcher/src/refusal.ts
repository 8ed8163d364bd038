import { existsSync, readFileSync } from 'node:fs'
import { arch } from 'node:process'
import {
  KernelError,
  type MillraceError,
  MissingCapabilityError,
  type Program,
  UnsupportedKernelError,
} from '@millrace/core'
import { errno, errnoName, explain, type Failure, isAtLeast, runningKernel } from '@millrace/core/internal'

const feature = 'programs that take the place of functions of others (freplace)'

/** What the kernel wants of a process that loads or links such a program. */
const needs = [['CAP_BPF', 'CAP_SYS_ADMIN'], ['CAP_PERFMON', 'CAP_SYS_ADMIN'], ['CAP_NET_ADMIN']] as const

/** What is known of a kernel that has refused the simplest of such programs. */
export interface Facts {
  /** positive */
  readonly errno: number
  readonly is5_10: boolean
  /** as Node names processors */
  readonly arch: string
  readonly is6_0: boolean
  /** whether the kernel translates programs to machine code */
  readonly hasJit: boolean
  /** whether the kernel tells its own types */
  readonly hasTypes: boolean
}

/** What it lacks: a version, or something that hangs on how it was built. */
export function lack(facts: Facts): { readonly needed?: string; readonly hint?: string } {
  if (!facts.is5_10) return { needed: '5.10' }
  if (!facts.hasJit) return { hint: 'its JIT compiler is off: sysctl net.core.bpf_jit_enable=1' }
  if (facts.arch === 'arm64' && !facts.is6_0) return { needed: '6.0' }
  const said = errnoName(facts.errno)
  switch (facts.errno) {
    case errno.EPERM:
    case errno.EACCES:
      return {
        hint: `it denies them (${said}) to a process with all capabilities: so it was built, or a security module does`,
      }
    case errno.ENOTSUPP:
    case errno.EOPNOTSUPP:
      return { hint: `it has no BPF trampolines for ${facts.arch} (${said})` }
    case errno.EINVAL:
      if (!facts.hasTypes) return { hint: `it was built without CONFIG_DEBUG_INFO_BTF (${said})` }
      break
  }
  return { hint: `it refuses them (${said})` }
}

/**
 * The error for a kernel that refused the simplest program of the kind.
 *
 * @param code - its errno
 */
export function unsupported(code: number, cause?: unknown): MillraceError {
  const explained = explain({ operation: 'load a program that takes the place of a function', errno: code, needs })
  if (explained instanceof MissingCapabilityError) return explained
  const facts: Facts = {
    errno: Math.abs(code),
    is5_10: isAtLeast('5.10'),
    arch,
    is6_0: isAtLeast('6.0'),
    hasJit: hasJit(),
    hasTypes: existsSync('/sys/kernel/btf/vmlinux'),
  }
  const hint = 'without them an interface runs one program: attachXdp of @millrace/xdp, or a chain of @millrace/chain'
  const { needed, hint: reason } = lack(facts)
  return new UnsupportedKernelError({
    feature,
    needed,
    running: runningKernel(),
    hint: reason === undefined ? hint : `${reason}; ${hint}`,
    cause,
  })
}

/** The error for a program that was loaded and could not be put into a slot. */
export function linkRefused(program: Program, { errno: code, log }: Failure): MillraceError {
  const operation = `put program ${program.name} into a slot of a dispatcher`
  switch (code) {
    case errno.EBUSY:
      return new KernelError({ operation, errno: code, hint: 'somebody traces that function of the dispatcher', log })
    case errno.ENOTSUPP:
    case errno.EOPNOTSUPP:
      return unsupported(code)
    default:
      return explain({ operation, errno: code, needs, feature: { name: feature, since: '5.10' }, log })
  }
}

function hasJit(): boolean {
  try {
    return readFileSync('/proc/sys/net/core/bpf_jit_enable', 'utf8').trim() !== '0'
  } catch {
    // It cannot be asked; what is wrong will be something else.
    return true
  }
}
