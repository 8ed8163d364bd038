import { once } from 'node:events'
import { nativeBinding } from '@millrace/core/internal'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { bpftool } from '../../core/test/support/bpftool.js'
import { addForeignProgram, addForeignU32, tc } from '../test/foreign.js'
import { makeNetwork } from '../test/network.js'
import { loadWitnesses } from '../test/witnesses.js'
import { attachTc, queryTc, type TcAttachment } from './index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b } = witnesses.programs
const { far } = network.hosts
const { netns } = far
const ingress = { netns, direction: 'ingress' } as const

let attached: TcAttachment[] = []

afterEach(async () => {
  for (const attachment of attached) attachment.close()
  attached = []
  if ((await tc(far, 'qdisc', 'show', 'dev', 'eth0')).includes('clsact')) {
    await tc(far, 'qdisc', 'del', 'dev', 'eth0', 'clsact')
  }
})

afterAll(async () => {
  witnesses.close()
  await network.close()
})

describe('queryTc', () => {
  it('finds nothing where nothing is', () => {
    expect(queryTc('eth0', ingress).programs).toEqual([])
    expect(queryTc('eth0', { ...ingress, mechanism: 'clsact' }).programs).toEqual([])
    expect(queryTc('lo', ingress).programs).toEqual([])
  })

  it('tells what bpftool tells, and who holds it', () => {
    const attachment = attachTc(a, 'eth0', ingress)
    attached.push(attachment)
    const [found, ...more] = queryTc('eth0', ingress).programs
    expect(more).toEqual([])
    const { id, name, tag } = bpftool('prog', 'show', 'id', String(a.id))
    expect(found).toEqual({
      mechanism: 'tcx',
      program: { id, name, tag },
      linkId: attachment.link?.id,
      name: undefined,
      filter: undefined,
      pids: [process.pid],
    })
  })

  it('looks for no processes when it is told so', () => {
    attached.push(attachTc(a, 'eth0', ingress))
    expect(queryTc('eth0', { ...ingress, pids: false }).programs[0]?.pids).toBeUndefined()
  })

  it('finds the process that holds a link, wherever it is', async () => {
    const script = `
      const { id } = process.env
      require(process.env.MILLRACE_NATIVE_BINDING).openById('link', Number(id))
      console.log('holding')
      process.stdin.resume()`
    const attachment = attachTc(a, 'eth0', ingress)
    attached.push(attachment)
    const addon =
      process.env.MILLRACE_NATIVE_BINDING ?? new URL('../../core/build/Release/millrace.node', import.meta.url).pathname
    const holder = far.spawn(process.execPath, ['-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, MILLRACE_NATIVE_BINDING: addon, id: String(attachment.link?.id) },
    })
    const gone = once(holder, 'exit')
    try {
      if (holder.stdout !== null) await once(holder.stdout, 'data')
      const { pid = 0 } = holder
      expect(queryTc('eth0', ingress).programs[0]?.pids).toEqual([process.pid, pid].toSorted((x, y) => x - y))
    } finally {
      holder.kill('SIGKILL')
      await gone
    }
    expect(attachment.query()?.pids).toEqual([process.pid])
  })

  it('tells filters of others, and which are no programs', async () => {
    await tc(far, 'qdisc', 'add', 'dev', 'eth0', 'clsact')
    await addForeignProgram(far, { direction: 'ingress', priority: 7 }, 'stop')
    await addForeignU32(far, { direction: 'ingress', priority: 3 })
    attached.push(attachTc(b, 'eth0', { ...ingress, mechanism: 'clsact', name: 'ours' }))
    const { programs } = queryTc('eth0', ingress)
    const last = programs.at(-1)
    expect(programs.map(({ filter }) => filter?.kind)).toEqual([
      ...Array(programs.length - 2).fill('u32'),
      'bpf',
      'bpf',
    ])
    expect(programs[0]).toMatchObject({ mechanism: 'clsact', program: undefined, linkId: undefined, pids: [] })
    expect(programs.at(-2)).toMatchObject({
      program: { name: 'stop' },
      name: undefined,
      filter: {
        priority: 7,
        handle: 1,
        protocol: 3,
        chain: 0,
        name: expect.stringMatching(/^witnesses\.bpf\.o:\[/),
        directAction: true,
      },
    })
    expect(last).toMatchObject({ program: { id: b.id }, name: 'ours', filter: { handle: 1, protocol: 3 } })
    expect(last?.filter?.priority).toBeGreaterThan(7)
  })
})

describe('a program that somebody has attached to TCX without a link', () => {
  const foreign = () => {
    const { ifindex } = far.interface('eth0')
    const order = { flags: 0, relativeId: 0, expectedRevision: 0n }
    expect(nativeBinding().programAttach(a.handle, { ifindex, netns }, 46, order, 0)).toBeNull()
    return { remove: () => nativeBinding().programDetach(a.handle, { ifindex, netns }, 46) }
  }

  it('is told, and is an anchor like any other', () => {
    const { remove } = foreign()
    try {
      attached.push(attachTc(b, 'eth0', { ...ingress, order: { before: { name: 'a' } } }))
      const { programs } = queryTc('eth0', ingress)
      expect(programs).toMatchObject([
        { program: { id: b.id } },
        { program: { id: a.id }, linkId: undefined, mechanism: 'tcx' },
      ])
      expect(programs[1]?.pids).toEqual([process.pid])
    } finally {
      remove()
    }
  })

  it('is replaced in place, by an attachment without a link', () => {
    const { remove } = foreign()
    const { stop, c } = witnesses.programs
    try {
      attached.push(attachTc(stop, 'eth0', ingress))
      const attachment = attachTc(b, 'eth0', { ...ingress, order: { replace: { programId: a.id } } })
      expect(attachment).toMatchObject({ mechanism: 'tcx', link: undefined })
      expect(queryTc('eth0', ingress).programs.map(({ program }) => program?.name)).toEqual(['b', 'stop'])
      attachment.update(c, { expectedOld: b })
      attachment.update(c)
      expect(() => attachment.update(b, { expectedOld: a })).toThrow(/has program c .*, expected program a/)
      expect(attachment.query()?.program?.id).toBe(c.id)
      attachment.close()
      expect(queryTc('eth0', ingress).programs.map(({ program }) => program?.name)).toEqual(['stop'])
    } finally {
      remove()
    }
  })

  it('is left alone when somebody has removed or replaced it', () => {
    const { remove } = foreign()
    try {
      const attachment = attachTc(b, 'eth0', { ...ingress, order: { replace: a } })
      const other = attachTc(a, 'eth0', { ...ingress, order: { replace: b } })
      expect(() => attachment.update(witnesses.programs.c)).toThrow(/has no program, expected program b/)
      attachment.close()
      expect(other.query()?.program?.id).toBe(a.id)
      other.detach()
      expect(queryTc('eth0', ingress).programs).toEqual([])
    } finally {
      remove()
    }
  })

  it('stays when it is left', () => {
    const { remove } = foreign()
    try {
      attachTc(b, 'eth0', { ...ingress, order: { replace: a } }).leave()
      expect(queryTc('eth0', ingress).programs).toMatchObject([{ program: { id: b.id } }])
      attachTc(a, 'eth0', { ...ingress, order: { replace: b } }).detach()
    } finally {
      remove()
    }
  })
})
