import { describe, expect, it } from 'vitest'
import { compareCounts } from './counts.mjs'
import { judge } from './judge.mjs'

const config = '# CONFIG_NETKIT is not set\nCONFIG_BPF=y\nCONFIG_VETH=m\n'
const on = (release, result) => judge({ name: 'it', ...result }, release, config)
const refusal = (needed) => ({ unsupported: 'TCX', needed, message: `TCX needs Linux ${needed}` })

describe('what a result means', () => {
  it.each([
    ['works where it should', '6.12.1+deb13', { since: '6.6', passed: true }, 'passed', 'yes'],
    ['needs a later kernel, and says so', '6.1.0-50-cloud', { since: '6.6', ...refusal('6.6') }, 'needs', 'needs 6.6'],
    ['is told apart by number, not by text', '6.1.0', { since: '6.10', ...refusal('6.10') }, 'needs', 'needs 6.10'],
    [
      'is not in the configuration',
      '6.12.0',
      { since: '6.7', config: 'CONFIG_NETKIT', unsupported: 'netkit', message: 'no netkit' },
      'not configured',
      'without CONFIG_NETKIT',
    ],
  ])('%s', (_, release, result, outcome, cell) => {
    expect(on(release, result)).toMatchObject({ outcome, cell })
  })

  it.each([
    ['an error of another kind', '6.1.0', { since: '5.10', failed: 'TypeError' }, /TypeError/],
    ['one that the kernel has', '6.12.0', { since: '6.6', ...refusal('6.6') }, /the kernel has it/],
    ['one that names a version that runs', '6.1.0', { since: '6.6', ...refusal('5.18') }, /a kernel which runs/],
    ['one that names another version', '6.1.0', { since: '6.6', ...refusal('6.7') }, /needs 6.6, and the error says/],
    ['one that works on a kernel said to be too old', '5.10.0', { since: '5.18', passed: true }, /works, though/],
    ['no proof', '6.12.0', { since: '6.7', config: 'CONFIG_VETH', unsupported: 'it', message: 'no' }, /no proof/],
    ['no proof named', '6.12.0', { since: '6.7', unsupported: 'it', message: 'no' }, /no proof/],
  ])('fails: %s', (_, release, result, problem) => {
    expect(on(release, result)).toMatchObject({ outcome: 'failed', problem: expect.stringMatching(problem) })
  })

  it('takes no configuration for no proof', () => {
    const result = { since: '6.7', config: 'CONFIG_NETKIT', unsupported: 'it', message: 'no' }
    expect(judge(result, '6.12.0', '').outcome).toBe('failed')
  })
})

describe('counts', () => {
  const run = (count) => [
    {
      kernel: '6.1',
      features: [{ area: 'objects', name: 'end by clang-19', outcome: 'passed', result: { end: count } }],
    },
  ]
  const recorded = { 'end by clang-19': { end: { 6.1: 100 } } }

  it('may grow by a tenth, and no more', () => {
    expect(compareCounts(run(110), recorded)).toEqual([])
    expect(compareCounts(run(111), recorded)).toEqual([expect.stringContaining('recorded are 100')])
  })

  it('are recorded, and bounded', () => {
    expect(compareCounts(run(5), {})).toEqual([expect.stringContaining('not recorded')])
    expect(compareCounts(run(100_001), recorded)).toEqual([expect.stringContaining('more than 100000')])
    expect(compareCounts(run(0), {})).toEqual([])
  })
})
