import { readdirSync } from 'node:fs'
import { ArgumentError, ClosedError, Link, type Program } from '@millrace/core'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { useBpffs } from '../../core/test/support/bpffs.js'
import { makeNetwork } from '../test/network.js'
import { deliver } from '../test/traffic.js'
import { loadWitnesses } from '../test/witnesses.js'
import { type AdoptTcOptions, adoptTc, attachTc, purgeTc, queryTc, type TcAttachment } from './index.js'

const bpffs = useBpffs()
const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, c } = witnesses.programs
const { near, far } = network.hosts
const { netns } = far

let attached: TcAttachment[] = []

afterEach(() => {
  for (const attachment of attached) attachment.close()
  attached = []
  purgeTc({ pinRoot: root(), netns })
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

const root = () => `${bpffs.path}/root`

describe.each(['tcx', 'clsact'] as const)('on %s', (mechanism) => {
  const options = { netns, mechanism, direction: 'ingress' } as const

  function adopt(program: Program<'sched_cls'>, more: Partial<AdoptTcOptions> = {}): TcAttachment {
    const attachment = adoptTc(program, 'eth0', { ...options, pinRoot: root(), name: 'guard', ...more })
    attached.push(attachment)
    return attachment
  }

  function attach(program: Program<'sched_cls'>): TcAttachment {
    const attachment = attachTc(program, 'eth0', options)
    attached.push(attachment)
    return attachment
  }

  const listed = (pinRoot = root()) => queryTc('eth0', { ...options, pinRoot, pids: false }).programs
  const pins = () => readdirSync(`${root()}/tc`)

  async function trail(): Promise<string> {
    await deliver(near, far)
    return witnesses.takeTrail()
  }

  it('attaches under a name, and stays when it is closed', async () => {
    const attachment = adopt(a)
    expect(attachment).toMatchObject({ adopted: false, mechanism, name: 'guard', interface: 'eth0' })
    attachment.close()
    expect(await trail()).toBe('a')
    expect(listed()).toMatchObject([{ name: 'guard', program: { id: a.id } }])
  })

  it('finds what bears the name, and puts the program into its place', async () => {
    const first = adopt(a)
    attach(b)
    const { linkId, filter } = listed()[0] ?? {}
    first.close()
    const second = adopt(c)
    expect(second.adopted).toBe(true)
    expect(await trail()).toBe('cb')
    expect(listed()[0]).toMatchObject({ linkId, name: 'guard' })
    expect(listed()[0]?.filter).toEqual(filter)
  })

  it('takes no notice of the order when it is there already', async () => {
    attach(b)
    adopt(a, { order: 'first' })
    adopt(c, { order: 'last' })
    expect(await trail()).toBe('cb')
  })

  it('attaches in the order that was asked for', async () => {
    attach(b)
    adopt(a, { order: { before: { name: 'b' } } })
    adopt(c, { name: 'other', order: { before: { name: 'guard' } } })
    expect(await trail()).toBe('cab')
  })

  it('adopts again in the same process, while the first is held', async () => {
    const first = adopt(a)
    const second = adopt(b)
    expect(second.adopted).toBe(true)
    expect(listed()).toHaveLength(1)
    first.close()
    expect(await trail()).toBe('b')
    expect(second.query()?.program?.id).toBe(b.id)
  })

  it('updates and queries what it has adopted', async () => {
    adopt(a).close()
    const attachment = adopt(b)
    attachment.update(c, { expectedOld: b })
    expect(attachment.query()).toMatchObject({ name: 'guard', mechanism, program: { id: c.id, name: 'c' } })
    expect(await trail()).toBe('c')
  })

  it('leaves nothing behind when it is detached', () => {
    const attachment = adopt(a)
    attachment.detach()
    expect(listed()).toEqual([])
    expect(pins()).toEqual([])
    expect(() => attachment.query()).toThrow(ClosedError)
  })

  it('tells names, directions and pin roots apart', () => {
    adopt(a)
    expect(adopt(b, { name: 'other' }).adopted).toBe(false)
    expect(adopt(c, { direction: 'egress' }).adopted).toBe(false)
    const elsewhere = `${bpffs.path}/elsewhere`
    try {
      const foreign = adopt(c, { pinRoot: elsewhere })
      expect(foreign.adopted).toBe(false)
      expect(listed().map(({ program }) => program?.name)).toEqual(['a', 'b', 'c'])
      expect(listed(elsewhere).find(({ program }) => program?.id === c.id)?.name).toBe('guard')
      purgeTc({ pinRoot: root(), netns })
      expect(listed(elsewhere)).toMatchObject([{ name: 'guard', program: { id: c.id } }])
    } finally {
      purgeTc({ pinRoot: elsewhere, netns })
    }
    expect(listed(elsewhere)).toEqual([])
  })

  it('is moved to another mechanism when that is asked for', async () => {
    adopt(a).close()
    const other = mechanism === 'tcx' ? 'clsact' : 'tcx'
    const moved = adopt(b, { mechanism: other })
    expect(moved).toMatchObject({ adopted: false, mechanism: other })
    expect(listed()).toEqual([])
    expect(await trail()).toBe('b')
    expect(pins()).toHaveLength(other === 'tcx' ? 1 : 0)
  })

  it('stays where it is found unless a mechanism is asked for', () => {
    adopt(a).close()
    const attachment = adopt(b, { mechanism: 'auto' })
    expect(attachment).toMatchObject({ adopted: true, mechanism })
    expect(attachment.reason).toBe(mechanism === 'tcx' ? undefined : 'guard was found on clsact')
  })

  it('attaches anew when somebody has detached it', () => {
    adopt(a)
    const [found] = listed()
    if (found?.linkId === undefined) adopt(b).detach()
    else detachLink(found.linkId)
    expect(listed()).toEqual([])
    expect(adopt(b).adopted).toBe(false)
    expect(pins()).toHaveLength(mechanism === 'tcx' ? 1 : 0)
  })

  it.each([
    [{ name: 'with.dot' }, /options\.name is 'with\.dot', expected 1 to 64 letters, digits, _ and -/],
    [{ name: '' }, /options\.name/],
    [{ name: 'x'.repeat(65) }, /1 to 64/],
    [{ pinRoot: '' }, /options\.pinRoot/],
    [{ pinRoot: `/${'x'.repeat(300)}` }, /options\.name is 'guard', expected shorter/],
    [{ direction: 'inwards' }, /options\.direction is 'inwards'/],
    [{ order: { replace: { name: 'guard' } } }, /adoptTc replaces what has its own name/],
    [{ expectedRevision: 1n }, /one of the options direction, name/],
  ])('refuses %o', (wrong, message) => {
    expect(() => adopt(a, wrong as Partial<AdoptTcOptions>)).toThrow(ArgumentError)
    expect(() => adopt(a, wrong as Partial<AdoptTcOptions>)).toThrow(message)
    expect(listed()).toEqual([])
  })
})

describe('an interface that moves to another namespace', () => {
  const adoptIn = (host: typeof far, iface: string, mechanism: 'tcx' | 'clsact') =>
    adoptTc(a, iface, { netns: host.netns, direction: 'ingress', mechanism, pinRoot: root(), name: 'guard' })

  it.each([
    { mechanism: 'tcx', adopted: true },
    // The kernel removes the qdiscs of an interface that moves.
    { mechanism: 'clsact', adopted: false },
  ] as const)('$mechanism: is it found there? $adopted', async ({ mechanism, adopted }) => {
    await far.run('ip', ['link', 'add', 'moving0', 'type', 'veth', 'peer', 'name', 'moving1'])
    try {
      const before = adoptIn(far, 'moving0', mechanism)
      const [, pid = ''] = /^\/proc\/(\d+)\//.exec(near.netns) ?? []
      expect((await far.run('ip', ['link', 'set', 'moving0', 'netns', pid])).code).toBe(0)
      const after = adoptIn(near, 'moving0', mechanism)
      expect(after.adopted).toBe(adopted)
      before.close()
      expect(queryTc('moving0', { netns: near.netns, direction: 'ingress', pinRoot: root() }).programs).toMatchObject([
        { name: 'guard', mechanism, program: { id: a.id } },
      ])
      after.detach()
      expect(queryTc('moving0', { netns: near.netns, direction: 'ingress' }).programs).toEqual([])
    } finally {
      await far.run('ip', ['link', 'delete', 'moving1'])
    }
  })
})

function detachLink(id: number): void {
  using link = Link.openById(id)
  link.detach()
}
