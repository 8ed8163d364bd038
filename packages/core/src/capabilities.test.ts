import { describe, expect, it } from 'vitest'
import { hasCapability, missingCapability } from './capabilities.js'
import { needsOfProgram } from './program-needs.js'

const bit = (...numbers: number[]) => numbers.reduce((bits, it) => bits | (1n << BigInt(it)), 0n)
const [netAdmin, sysAdmin, perfmon, bpf] = [12, 21, 38, 39] as const

describe('missingCapability', () => {
  it.each([
    ['xdp', bit(), 'CAP_BPF'],
    ['xdp', bit(bpf), 'CAP_NET_ADMIN'],
    ['xdp', bit(netAdmin), 'CAP_BPF'],
    ['xdp', bit(bpf, netAdmin), undefined],
    ['xdp', bit(sysAdmin), undefined],
    ['socket_filter', bit(bpf), undefined],
    ['tracing', bit(bpf, netAdmin), 'CAP_PERFMON'],
    ['ext', bit(bpf, netAdmin, perfmon), undefined],
  ] as const)('for a %s program', (type, effective, missing) => {
    expect(missingCapability(needsOfProgram(type), effective)).toBe(missing)
  })

  it('reads bits as CapEff has them', () => {
    const container = 0xa80425fbn // what Docker leaves to root
    expect(hasCapability('CAP_NET_RAW', container)).toBe(true)
    expect(hasCapability('CAP_NET_ADMIN', container)).toBe(false)
  })
})
