import { KernelError, type Program } from '@millrace/core'
import { errno, nativeBinding, resolveInterface } from '@millrace/core/internal'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { addForeignU32, hasClsact, removeForeign, show, tc } from '../../test/foreign.js'
import { makeNetwork } from '../../test/network.js'
import { deliver } from '../../test/traffic.js'
import { loadWitnesses } from '../../test/witnesses.js'
import { QdiscBusyError } from '../errors/index.js'
import { attachTc, queryTc, type TcDirection } from '../index.js'
import { clsact } from './index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, notTc } = witnesses.programs
const { near, far } = network.hosts
const { netns } = far
const iface = resolveInterface('eth0', netns)

afterEach(async () => {
  for (const kind of ['clsact', 'ingress']) await far.run('tc', ['qdisc', 'del', 'dev', 'eth0', kind])
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

const attach = (direction: TcDirection, program: Program<'sched_cls'> = a) =>
  attachTc(program, 'eth0', { netns, direction, mechanism: 'clsact' })
const makeClsact = () => tc(far, 'qdisc', 'add', 'dev', 'eth0', 'clsact')

describe('the qdisc', () => {
  it('is made with the first filter and goes with the last, whichever that is', async () => {
    for (const reversed of [false, true]) {
      expect(await hasClsact(far)).toBe(false)
      const attachments = [attach('ingress'), attach('egress'), attach('ingress', b)]
      if (reversed) attachments.reverse()
      for (const attachment of attachments) {
        expect(await hasClsact(far)).toBe(true)
        attachment.close()
      }
    }
    expect(await hasClsact(far)).toBe(false)
  })

  it('says in the names of our filters that we have made it', async () => {
    using _in = attach('ingress')
    using _out = attach('egress', b)
    expect(await show(far, 'ingress')).toMatch(
      /^filter protocol all pref 16384 bpf chain 0 handle 0x1 millrace\+\/a direct-action .* name a tag /m,
    )
    expect(await show(far, 'egress')).toMatch(/ millrace\+\/b direct-action /)
  })

  it('stays when somebody else has made it', async () => {
    await makeClsact()
    const attachments = [attach('ingress'), attach('egress')]
    expect(await show(far, 'ingress')).toContain(' millrace/a direct-action ')
    for (const attachment of attachments) attachment.close()
    expect(await hasClsact(far)).toBe(true)
    expect(await show(far, 'ingress')).toBe('')
  })

  it.each(['ingress', 'egress'] as const)("stays while a filter of somebody else's stands on %s", async (direction) => {
    const place = { direction, priority: 5 }
    const attachment = attach('ingress')
    await addForeignU32(far, place)
    const theirs = async () => (await show(far, direction)).split('\n').filter((line) => !line.includes(' bpf '))
    const before = await theirs()
    attachment.close()
    expect(await theirs()).toEqual(before)
    expect(before.length).toBeGreaterThan(2)
    // Nothing of ours is left that says whose it was, so it is nobody's to remove.
    await removeForeign(far, place)
    attach('ingress').close()
    expect(await hasClsact(far)).toBe(true)
  })

  it('is not taken for ours when somebody has made another since', async () => {
    const attachment = attach('ingress')
    await tc(far, 'qdisc', 'del', 'dev', 'eth0', 'clsact')
    await makeClsact()
    attachment.close()
    expect(await hasClsact(far)).toBe(true)
  })

  it('is made again when somebody has removed it', async () => {
    using gone = attach('ingress')
    await tc(far, 'qdisc', 'del', 'dev', 'eth0', 'clsact')
    using again = attach('ingress')
    expect(again.query()?.program?.id).toBe(a.id)
    expect(gone.interface).toBe('eth0')
  })

  it("is not said to be ours, nor removed, when somebody else's comes between the look and the making", async () => {
    await makeClsact()
    const looking = vi.spyOn(nativeBinding(), 'clsactExists').mockReturnValueOnce(false)
    const making = vi.spyOn(nativeBinding(), 'filterSetWithQdisc')
    const attachment = (() => {
      try {
        return attach('ingress')
      } finally {
        looking.mockRestore()
      }
    })()
    expect(making.mock.results).toMatchObject([{ value: { qdisc: { errno: errno.EEXIST }, filter: null } }])
    making.mockRestore()
    expect(await show(far, 'ingress')).toContain(' millrace/a direct-action ')
    attachment.close()
    expect(await hasClsact(far)).toBe(true)
  })

  it('is removed again when nothing could be attached to it', async () => {
    // The kernel refuses a program of another type; attachTc would not have come so far.
    const program = notTc as unknown as Program<'sched_cls'>
    const attempt = (direction: TcDirection) =>
      clsact.attach(
        { interface: iface, direction },
        {
          program,
          position: { at: 'last' },
          expectedRevision: undefined,
          mark: { name: 'x', pinRoot: undefined },
          priority: undefined,
        },
      )
    expect(() => attempt('ingress')).toThrow(KernelError)
    expect(() => attempt('ingress')).toThrow(/could not attach program not_tc to tc ingress on eth0 in .*: EINVAL/)
    expect(await hasClsact(far)).toBe(false)
    using _standing = attach('egress')
    expect(() => attempt('ingress')).toThrow(KernelError)
    expect(await hasClsact(far)).toBe(true)
  })

  it('is not made in the place of an ingress qdisc', async () => {
    await tc(far, 'qdisc', 'add', 'dev', 'eth0', 'ingress')
    await addForeignU32(far, { direction: 'ingress', priority: 5 })
    const before = await show(far, 'ingress')
    for (const direction of ['ingress', 'egress'] as const) {
      expect(() => attach(direction)).toThrow(QdiscBusyError)
      expect(() => attach(direction)).toThrow(
        'eth0 has an ingress qdisc in the place of clsact, which is not ours to remove; nothing was changed. ' +
          'Use TCX, or have its owner make it clsact, which does all that ingress does',
      )
    }
    expect(await show(far, 'ingress')).toBe(before)
    const query = (direction: TcDirection) => queryTc('eth0', { netns, direction, mechanism: 'clsact', pids: false })
    expect(query('ingress').programs).toMatchObject([{ filter: { kind: 'u32' } }])
    expect(query('egress').programs).toEqual([])
    await deliver(near, far)
  })

  it('can be made while somebody holds the lock and does not let go', () => {
    const lock = nativeBinding().lock(netns, true)
    if (typeof lock !== 'number') throw new Error(`no lock: errno ${lock.errno}`)
    const attachment = (() => {
      try {
        return attach('ingress')
      } finally {
        nativeBinding().close(lock)
      }
    })()
    expect(attachment.query()?.program?.id).toBe(a.id)
    attachment.close()
  })
})
