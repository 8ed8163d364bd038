import { execFileSync } from 'node:child_process'
import { ArgumentError, ClosedError, type Program } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { makeNetwork } from '../test/network.js'
import { loadWitnesses } from '../test/witnesses.js'
import { type AttachTcOptions, attachTc, purgeTc, queryTc } from './index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, notTc } = witnesses.programs
const { netns } = network.hosts.far
const { ifindex } = network.hosts.far.interface('eth0')
const options = { netns, direction: 'ingress' } as const

afterAll(async () => {
  witnesses.close()
  await network.close()
})

describe('the interface', () => {
  it('may be an index', () => {
    using attachment = attachTc(a, ifindex, options)
    expect(attachment).toMatchObject({ interface: 'eth0', ifindex })
    expect(queryTc(ifindex, options)).toEqual(queryTc('eth0', options))
  })

  it.each(['tcx', 'clsact'] as const)('may be in the namespace of this process, on %s', (mechanism) => {
    const name = `mrt${process.pid}`
    execFileSync('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`])
    try {
      using attachment = attachTc(a, name, { direction: 'egress', mechanism })
      expect(attachment.query()?.program?.id).toBe(a.id)
      expect(queryTc(name, { direction: 'egress' }).programs).toHaveLength(1)
    } finally {
      execFileSync('ip', ['link', 'delete', name])
    }
  })

  it.each(['tcx', 'clsact'] as const)('may be in a namespace that has a name, on %s', (mechanism) => {
    const name = `mrt${process.pid}`
    execFileSync('ip', ['netns', 'add', name])
    try {
      using attachment = attachTc(a, 'lo', { direction: 'ingress', netns: name, mechanism })
      expect(attachment.mechanism).toBe(mechanism)
      expect(queryTc('lo', { direction: 'ingress', netns: name }).programs).toHaveLength(1)
    } finally {
      execFileSync('ip', ['netns', 'delete', name])
    }
  })

  it('must exist: the ones that do are named', () => {
    const attach = () => attachTc(a, 'eht0', options)
    expect(attach).toThrow(ArgumentError)
    expect(attach).toThrow(/^iface is 'eht0', expected an interface that exists in .*: lo, eth0; did you mean eth0\?$/)
    expect(() => attachTc(a, 4_000, options)).toThrow(/^iface is 4000, expected an interface that exists/)
    expect(() => queryTc('nope', { direction: 'ingress' })).toThrow(ArgumentError)
  })

  it('is an index or a name', () => {
    expect(() => attachTc(a, 0, options)).toThrow(/^iface is 0, expected an integer from 1/)
    expect(() => attachTc(a, '', options)).toThrow(/^iface is '', expected a string/)
  })
})

describe('the namespace', () => {
  it('must exist, and be one', () => {
    expect(() => attachTc(a, 'eth0', { ...options, netns: 'nowhere' })).toThrow(
      /^options\.netns is 'nowhere', expected/,
    )
    expect(() => queryTc('eth0', { ...options, netns: '/proc/0/ns/net' })).toThrow(/^options\.netns is/)
    expect(() => purgeTc({ netns: 'nowhere' })).toThrow(/^options\.netns is 'nowhere', expected/)
    expect(() => attachTc(a, 'lo', { ...options, netns: '/proc/self/ns/mnt' })).toThrow(ArgumentError)
  })
})

describe('the program', () => {
  it('must be of type sched_cls, for those without a compiler too', () => {
    const wrong = notTc as unknown as Program<'sched_cls'>
    expect(() => attachTc(wrong, 'eth0', options)).toThrow(ArgumentError)
    expect(() => attachTc(wrong, 'eth0', options)).toThrow("program.type is 'xdp', expected sched_cls")
    expect(() => attachTc({} as Program<'sched_cls'>, 'eth0', options)).toThrow(/^program is {}, expected a loaded/)
    using attachment = attachTc(a, 'eth0', options)
    expect(() => attachment.update(wrong)).toThrow(/^program\.type/)
  })

  it.each(['tcx', 'clsact'] as const)('must be open, on %s', async (mechanism) => {
    const closed = await loadWitnesses()
    closed.close()
    expect(() => attachTc(closed.programs.a, 'eth0', { ...options, mechanism })).toThrow(ClosedError)
    using attachment = attachTc(a, 'eth0', { ...options, mechanism })
    expect(() => attachment.update(closed.programs.a)).toThrow(ClosedError)
    expect(() => attachment.update(b, { expectedOld: closed.programs.a })).toThrow(ClosedError)
    expect(() => attachTc(b, 'eth0', { ...options, order: { before: closed.programs.a } })).toThrow(ClosedError)
    expect(attachment.query()?.program?.id).toBe(a.id)
  })
})

describe('the options', () => {
  it.each([
    [{ direction: undefined }, /^options\.direction is undefined, expected one of ingress, egress/],
    [{ direction: 'egres' }, /did you mean egress\?/],
    [{ ordre: 'first' }, /did you mean order\?/],
    [{ order: 'frist' }, /^options\.order is 'frist', expected 'first', 'last', .* did you mean first\?/],
    [{ order: {} }, /^options\.order is {}, expected 'first'/],
    [{ order: null }, /^options\.order is null, expected an object/],
    [{ order: { befor: { name: 'x' } } }, /did you mean before\?/],
    [{ order: { before: { name: 'x' }, after: { name: 'y' } } }, /^options\.order is /],
    [{ order: { before: 7 } }, /^options\.order\.before is 7, expected an attachment, a Program, a Link/],
    [{ order: { before: { id: 7 } } }, /^options\.order\.before is 'id', expected one of the options programId/],
    [{ order: { after: { programId: 0 } } }, /^options\.order\.after\.programId is 0, expected an integer from 1/],
    [{ order: { after: { linkId: 1.5 } } }, /^options\.order\.after\.linkId is 1\.5/],
    [{ order: { replace: { name: '' } } }, /^options\.order\.replace\.name is ''/],
    [{ order: { after: { name: 'x', linkId: 1 } } }, /^options\.order\.after is /],
    [{ mechanism: 'tc' }, /^options\.mechanism is 'tc', expected one of auto, tcx, clsact/],
    [{ expectedRevision: 1 }, /^options\.expectedRevision is 1, expected a revision/],
    [{ expectedRevision: 0n }, /^options\.expectedRevision is 0n/],
    [{ expectedRevision: 1n << 64n }, /^options\.expectedRevision/],
    [{ priority: 1 }, /^options\.priority is 1, expected none unless options\.mechanism is 'clsact'/],
    [{ priority: 0, mechanism: 'clsact' }, /^options\.priority is 0, expected an integer from 1 to 65535/],
    [
      { priority: 1, mechanism: 'clsact', order: 'first' },
      /^options\.priority is 1, expected none beside options\.order/,
    ],
    [{ name: '' }, /^options\.name is ''/],
    [{ name: 'x'.repeat(300) }, /^options\.name is '.*, expected shorter/],
    [{ pinRoot: 7 }, /^options\.pinRoot is 7/],
    [{ pinRoot: 'pins' }, /^options\.pinRoot is 'pins', expected an absolute path/],
  ])('%o', (wrong, message) => {
    const attach = () => attachTc(a, 'eth0', { ...options, ...wrong } as AttachTcOptions)
    expect(attach).toThrow(ArgumentError)
    expect(attach).toThrow(message)
    expect(queryTc('eth0', options).programs).toEqual([])
  })

  it('are those of the function', () => {
    expect(() => queryTc('eth0', { ...options, pids: 1 } as never)).toThrow(/^options\.pids is 1/)
    expect(() => purgeTc({ pinroot: '/x' } as never)).toThrow(/did you mean pinRoot\?/)
  })
})
