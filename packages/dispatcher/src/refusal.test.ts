import { errno } from '@millrace/core/internal'
import { describe, expect, it } from 'vitest'
import { type Facts, lack } from './refusal.js'

const good: Facts = { errno: errno.EINVAL, is5_10: true, is6_0: true, arch: 'x64', hasJit: true, hasTypes: true }

describe('what a kernel lacks that refuses the simplest replacement', () => {
  it.each<[Partial<Facts>, ReturnType<typeof lack>]>([
    // What libxdp only calls "Argument list too long": the kernel does not know the fields that name the target.
    [{ is5_10: false, errno: errno.E2BIG }, { needed: '5.10' }],
    [{ is5_10: false, errno: errno.EINVAL }, { needed: '5.10' }],
    [{ hasJit: false }, { hint: 'its JIT compiler is off: sysctl net.core.bpf_jit_enable=1' }],
    [{ arch: 'arm64', is6_0: false, errno: errno.ENOTSUPP }, { needed: '6.0' }],
    [{ arch: 'riscv64', errno: errno.ENOTSUPP }, { hint: 'it has no BPF trampolines for riscv64 (ENOTSUPP)' }],
    [{ hasTypes: false }, { hint: 'it was built without CONFIG_DEBUG_INFO_BTF (EINVAL)' }],
    [
      { errno: errno.EPERM },
      { hint: 'it denies them (EPERM) to a process with all capabilities: so it was built, or a security module does' },
    ],
    [{}, { hint: 'it refuses them (EINVAL)' }],
  ])('%o', (facts, expected) => {
    expect(lack({ ...good, ...facts })).toEqual(expected)
  })
})
