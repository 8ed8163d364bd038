import { execFileSync } from 'node:child_process'
import { ArgumentError, ClosedError, load, Program } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { verdicts } from '../test/generated/verdicts.bpf.js'
import { makeNetwork } from '../test/network.js'
import { type AttachXdpOptions, attachXdp, queryXdp, XdpRefusedError } from './index.js'

const network = await makeNetwork()
const object = await load(verdicts)
const { pass, notXdp } = object.programs
const { netns } = network.hosts.far
const { ifindex } = network.hosts.far.interface('eth0')

afterAll(async () => {
  object.close()
  await network.close()
})

describe('the interface', () => {
  it('may be an index', () => {
    using attachment = attachXdp(pass, ifindex, { netns })
    expect(attachment).toMatchObject({ interface: 'eth0', ifindex })
    expect(queryXdp(ifindex, { netns })).toEqual(queryXdp('eth0', { netns }))
  })

  it('may be in the namespace of this process', () => {
    const name = `mrx${process.pid}`
    execFileSync('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`])
    try {
      using attachment = attachXdp(pass, name)
      expect(attachment.query()?.program.id).toBe(pass.id)
      expect(queryXdp(name)).toHaveLength(1)
    } finally {
      execFileSync('ip', ['link', 'delete', name])
    }
  })

  it('may be in a namespace that has a name', () => {
    const name = `mrx${process.pid}`
    execFileSync('ip', ['netns', 'add', name])
    try {
      using attachment = attachXdp(pass, 'lo', { netns: name })
      expect(attachment.mode).toBe('generic')
      expect(queryXdp('lo', { netns: name })).toHaveLength(1)
    } finally {
      execFileSync('ip', ['netns', 'delete', name])
    }
  })

  it('must exist: the ones that do are named', () => {
    const attach = () => attachXdp(pass, 'eht0', { netns })
    expect(attach).toThrow(ArgumentError)
    expect(attach).toThrow(
      `iface is 'eht0', expected an interface that exists in ${netns}: lo, eth0; did you mean eth0?`,
    )
    expect(() => attachXdp(pass, 4_000, { netns })).toThrow(/^iface is 4000, expected an interface that exists/)
    expect(() => queryXdp('nope')).toThrow(ArgumentError)
  })

  it.each([0, -1, 1.5, Number.NaN])('is no index %d', (index) => {
    expect(() => attachXdp(pass, index, { netns })).toThrow(/^iface is .* expected an integer from 1/)
  })

  it('has a name that is not empty', () => {
    expect(() => attachXdp(pass, '', { netns })).toThrow(/^iface is '', expected a string/)
  })
})

describe('the namespace', () => {
  it('must exist', () => {
    expect(() => attachXdp(pass, 'eth0', { netns: 'nowhere' })).toThrow(/^options\.netns is 'nowhere', expected/)
    expect(() => queryXdp('eth0', { netns: '/proc/0/ns/net' })).toThrow(/^options\.netns is '\/proc\/0\/ns\/net'/)
  })

  it('must be one', () => {
    for (const other of ['/etc/hostname', '/etc', '/proc/self/ns/mnt']) {
      const attach = () => attachXdp(pass, 'lo', { netns: other })
      expect(attach).toThrow(ArgumentError)
      expect(attach).toThrow(`options.netns is '${other}', expected the path of a network namespace`)
    }
  })
})

describe('the program', () => {
  it('must be of type xdp, for those without a compiler too', () => {
    const attach = () => attachXdp(notXdp as unknown as Program<'xdp'>, 'eth0', { netns })
    expect(attach).toThrow(ArgumentError)
    expect(attach).toThrow("program.type is 'sched_cls', expected xdp")
    expect(() => attachXdp({} as Program<'xdp'>, 'eth0', { netns })).toThrow(/^program is {}, expected a loaded/)
    using attachment = attachXdp(pass, 'eth0', { netns })
    expect(() => attachment.update(notXdp as unknown as Program<'xdp'>)).toThrow(/^program\.type/)
  })

  it('must be open', async () => {
    using closed = await load(verdicts)
    closed.close()
    expect(() => attachXdp(closed.programs.pass, 'eth0', { netns })).toThrow(ClosedError)
    using attachment = attachXdp(pass, 'eth0', { netns })
    expect(() => attachment.update(closed.programs.pass)).toThrow(ClosedError)
    expect(() => attachment.update(pass, { expectedOld: closed.programs.pass })).toThrow(ClosedError)
  })
})

describe('a program that was loaded for a map', () => {
  const { beforeLeaving, onAnotherCpu } = object.programs

  it('is refused, and told its place', () => {
    expect(() => attachXdp(beforeLeaving, 'eth0', { netns })).toThrow(
      "program.section is 'xdp/devmap', expected xdp, or xdp.frags, for a program on an interface: this one is for a DevMap or DevMapHash",
    )
    expect(() => attachXdp(onAnotherCpu, 'eth0', { netns })).toThrow(/this one is for a CpuMap/)
    using attachment = attachXdp(pass, 'eth0', { netns })
    expect(() => attachment.update(beforeLeaving)).toThrow(ArgumentError)
  })

  it('is refused by the kernel where it alone knows', () => {
    using opened = Program.openById(beforeLeaving.id).as('xdp')
    const attach = () => attachXdp(opened, 'eth0', { netns })
    expect(attach).toThrow(XdpRefusedError)
    expect(attach).toThrow(/BPF_XDP_DEVMAP/)
  })
})

describe('the options', () => {
  it.each([
    [{ moed: 'native' }, /did you mean mode\?/],
    [{ mode: 'skb' }, /^options\.mode is 'skb', expected one of auto, native, generic, offload/],
    [{ mechanism: 'netlnk' }, /did you mean netlink\?/],
    [{ replace: 'yes' }, /^options\.replace is 'yes', expected true or false/],
    [{ frags: 1 }, /^options\.frags is 1, expected true or false/],
    [{ expectedOld: 42 }, /^options\.expectedOld is 42, expected a loaded/],
    [{ netns: 7 }, /^options\.netns is 7/],
  ])('%o', (options, message) => {
    expect(() => attachXdp(pass, 'eth0', { netns, ...options } as AttachXdpOptions)).toThrow(message)
  })
})
