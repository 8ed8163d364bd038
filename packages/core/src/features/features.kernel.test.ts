import { describe, expect, it } from 'vitest'
import { useBpffs } from '../../test/support/bpffs.js'
import { ArgumentError, KernelError } from '../errors/index.js'
import { isAtLeast, runningKernel } from '../kernel-version.js'
import { mapTypes } from '../map-type.js'
import { preflight } from './preflight.js'
import { isSupported, requiredKernel } from './supported.js'
import { libbpfVersion, possibleCpus } from './system.js'
import { mapTypeSince } from './versions.js'

const bpffs = useBpffs()

describe('isSupported', () => {
  it.each([
    [{ programType: 'xdp' }, true],
    [{ programType: 'netfilter' }, isAtLeast('6.4')],
    [{ mapType: 'ringbuf' }, true],
    [{ programType: 'sched_cls', helper: 'bpf_redirect_peer' }, true],
    [{ programType: 'xdp', helper: 'redirect_map' }, true],
    [{ programType: 'xdp', helper: 'bpf_redirect_peer' }, false],
  ] as const)('%o: %s', (feature, supported) => {
    expect(isSupported(feature)).toBe(supported)
  })

  it('agrees with the table of versions for every kind of map', () => {
    // Made by the kernel for other purposes, or made only with BTF that a probe does not have.
    const notProbed = ['struct_ops', 'insn_array']
    for (const type of mapTypes.names().slice(1)) {
      if (notProbed.includes(type)) continue
      expect(isSupported({ mapType: type }), type).toBe(isAtLeast(mapTypeSince(type) ?? ''))
    }
  })

  it('refuses names that do not exist', () => {
    expect(() => isSupported({ mapType: 'ringbuff' as never })).toThrow(/did you mean ringbuf/)
    expect(() => isSupported({ programType: 'xpd' as never })).toThrow(/did you mean xdp/)
    expect(() => isSupported({ programType: 'xdp', helper: 'bpf_redirect_mapp' })).toThrow(
      /did you mean bpf_redirect_map/,
    )
    expect(() => isSupported({ kind: 'xdp' } as never)).toThrow(ArgumentError)
  })

  it('says when it cannot be told', () => {
    expect(() => isSupported({ mapType: 'type 99' })).toThrow(/map type type 99: EOPNOTSUPP, operation not supported$/)
    expect(() => isSupported({ programType: 'tracing', helper: 'bpf_map_lookup_elem' })).toThrow(KernelError)
  })
})

describe('requiredKernel', () => {
  it.each([
    [{ mapType: 'ringbuf' }, '5.8'],
    [{ programType: 'netfilter' }, '6.4'],
    [{ programType: 'sched_cls', helper: 'bpf_redirect_peer' }, '5.10'],
    [{ mapType: 'type 99' }, undefined],
  ] as const)('of %o is %s', (feature, version) => {
    expect(requiredKernel(feature)).toBe(version)
  })
})

describe('preflight', () => {
  it('finds that this machine is ready, and where pins may go', () => {
    const report = preflight()
    expect(report).toMatchObject({
      ready: true,
      problems: [],
      kernel: runningKernel(),
      btf: true,
      capabilities: { CAP_BPF: true, CAP_NET_ADMIN: true, CAP_PERFMON: true },
    })
    expect(report.bpffs).toContain(bpffs.path)
  })
})

describe('system', () => {
  it('has CPUs and libbpf', () => {
    expect(possibleCpus()).toBeGreaterThan(0)
    expect(libbpfVersion()).toMatch(/^v1\.[5-9]/)
  })
})
