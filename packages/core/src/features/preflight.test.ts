import { describe, expect, it } from 'vitest'
import { problemsOf } from './preflight.js'

const good = {
  platform: 'linux',
  kernel: '6.1.0-18-amd64',
  jit: 'on',
  btf: true,
  bpffs: ['/sys/fs/bpf'],
  capabilities: { CAP_BPF: true, CAP_NET_ADMIN: true, CAP_PERFMON: true },
  unprivilegedBpfDisabled: 2,
} as const

describe('problemsOf', () => {
  it('finds none on a machine that has everything', () => {
    expect(problemsOf(good, true)).toEqual([])
  })

  it.each([
    [{ platform: 'darwin' }, true, /eBPF is part of Linux, this is darwin/],
    [{ kernel: '5.4.0-150-generic' }, true, /Linux 5\.10 or later is needed, this is 5\.4\.0-150-generic/],
    [{ capabilities: { CAP_BPF: false, CAP_NET_ADMIN: false, CAP_PERFMON: false } }, true, /CAP_BPF and CAP_NET_ADMIN/],
    [{ capabilities: { CAP_BPF: true, CAP_NET_ADMIN: false, CAP_PERFMON: true } }, true, /does not have CAP_NET_ADMIN/],
    [{}, false, /user namespace/],
  ])('%o: says so', (facts, initialUserNamespace, problem) => {
    expect(problemsOf({ ...good, ...facts }, initialUserNamespace)).toEqual([expect.stringMatching(problem)])
  })
})
