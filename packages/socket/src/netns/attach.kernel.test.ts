import { execFileSync } from 'node:child_process'
import { ArgumentError, AttachBusyError, ClosedError, load, Program, UnexpectedProgramError } from '@millrace/core'
import { errno, nativeBinding } from '@millrace/core/internal'
import { topology } from '@millrace/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Agent } from '../../test/agent.js'
import { asNobody } from '../../test/as-nobody.js'
import { netnsHooks } from '../../test/generated/netns_hooks.bpf.js'
import { makeNetwork } from '../../test/network.js'
import { NetnsGoneError } from '../errors/index.js'
import {
  type AttachFlowDissectorOptions,
  attachFlowDissector,
  attachSkLookup,
  queryFlowDissector,
  querySkLookup,
} from './index.js'

const object = await load(netnsHooks)
const network = await makeNetwork()
const { lookOne, lookTwo, dissectOne, dissectTwo } = object.programs
const { netns } = network.hosts.near
let agent: Agent
let port: number

beforeAll(async () => {
  agent = await Agent.start({ host: network.hosts.near })
  port = (await agent.do('serveTcp', { name: 'server', host: '127.0.0.1' })).port
})
afterEach(() => vi.restoreAllMocks())
afterAll(async () => {
  await network.close()
  object.close()
})

/** A namespace that ends when its topology is closed. */
const makeShortLived = () => topology({ hosts: { host: {} } })

/** Which sk_lookup programs one connection runs, in their order. */
async function whoRan(): Promise<string> {
  object.variables.turns.set(0n)
  await agent.do('tcp', { host: '127.0.0.1', port })
  return String(object.variables.turns.get())
}

describe('sk_lookup', () => {
  it('is attached until it is closed', async () => {
    {
      using attachment = attachSkLookup(lookOne, { netns })
      expect(attachment).toMatchObject({ hook: 'sk_lookup', netns, mechanism: 'link', reason: undefined })
      expect(attachment.link?.type).toBe('netns')
      expect(await whoRan()).toBe('1')
    }
    expect(await whoRan()).toBe('0')
    expect(querySkLookup({ netns })).toEqual([])
  })

  it('runs in the order of attaching', async () => {
    using first = attachSkLookup(lookTwo, { netns })
    using second = attachSkLookup(lookOne, { netns })
    expect(await whoRan()).toBe('21')
    expect(querySkLookup({ netns })).toEqual([
      {
        program: expect.objectContaining({ id: lookTwo.id, name: 'look_two' }),
        linkId: first.link?.id,
        pids: [process.pid],
      },
      {
        program: expect.objectContaining({ id: lookOne.id, name: 'look_one' }),
        linkId: second.link?.id,
        pids: [process.pid],
      },
    ])
    expect(querySkLookup({ netns, pids: false })[0]?.pids).toBeUndefined()
    expect(querySkLookup({ netns: network.hosts.far.netns })).toEqual([])
  })

  it('is exchanged in its place', async () => {
    using attachment = attachSkLookup(lookOne, { netns })
    using _ = attachSkLookup(lookOne, { netns })
    attachment.update(lookTwo)
    expect(await whoRan()).toBe('21')
    expect(attachment.query()?.program.id).toBe(lookTwo.id)
    const update = () => attachment.update(lookOne, { expectedOld: lookOne })
    expect(update).toThrow(UnexpectedProgramError)
    expect(update).toThrow(/has program look_two .* expected program look_one .* nothing was changed/)
  })

  it('takes 64 programs and says so', () => {
    const attachments: Disposable[] = []
    try {
      const fill = () => {
        for (;;) attachments.push(attachSkLookup(lookOne, { netns }))
      }
      expect(fill).toThrow(AttachBusyError)
      expect(attachments).toHaveLength(64)
      expect(fill).toThrow(`sk_lookup of ${netns} is taken by another program; 64 programs stand there`)
    } finally {
      for (const it of attachments) it[Symbol.dispose]()
    }
  })

  it('needs no namespace to be named', () => {
    using attachment = attachSkLookup(lookOne)
    expect(querySkLookup({ pids: false }).map(({ linkId }) => linkId)).toContain(attachment.link?.id)
    expect(attachment.netns).toBe('')
  })
})

describe.each(['link', 'direct'] as const)('flow dissector by %s', (mechanism) => {
  it('is attached until it is closed', () => {
    {
      using attachment = attachFlowDissector(dissectOne, { netns, mechanism })
      expect(attachment).toMatchObject({ hook: 'flow_dissector', netns, mechanism, reason: undefined })
      expect(queryFlowDissector({ netns })).toEqual({
        program: { id: dissectOne.id, name: 'dissect_one', tag: dissectOne.info().tag },
        linkId: attachment.link?.id,
        pids: [process.pid],
      })
    }
    expect(queryFlowDissector({ netns })).toBeUndefined()
  })

  it('is exchanged', () => {
    using attachment = attachFlowDissector(dissectOne, { netns, mechanism })
    attachment.update(dissectTwo)
    attachment.update(dissectTwo)
    expect(attachment.query()?.program.id).toBe(dissectTwo.id)
    attachment.update(dissectOne, { expectedOld: dissectTwo })
    const update = () => attachment.update(dissectOne, { expectedOld: dissectTwo })
    expect(update).toThrow(UnexpectedProgramError)
    expect(update).toThrow(/has program dissect_one .* expected program dissect_two/)
    expect(attachment.query()?.program.id).toBe(dissectOne.id)
  })

  it('is the only one', () => {
    using first = attachFlowDissector(dissectOne, { netns, mechanism })
    for (const other of ['auto', 'link', 'direct'] as const) {
      const attach = () => attachFlowDissector(dissectTwo, { netns, mechanism: other })
      expect(attach).toThrow(AttachBusyError)
      expect(attach).toThrow(/is taken by program dissect_one \(id \d+\)/)
    }
    expect(queryFlowDissector({ netns })?.program.id).toBe(dissectOne.id)
    using elsewhere = attachFlowDissector(dissectTwo, { netns: network.hosts.far.netns, mechanism })
    expect(elsewhere.query()?.program.id).toBe(dissectTwo.id)
    expect(first.query()?.program.id).toBe(dissectOne.id)
  })

  it('is not attached to the first namespace while another has one', () => {
    if (queryFlowDissector() !== undefined) throw new Error('this machine has a flow dissector')
    using _ = attachFlowDissector(dissectOne, { netns, mechanism })
    const attach = () => attachFlowDissector(dissectTwo, { mechanism })
    expect(attach).toThrow(AttachBusyError)
    expect(attach).toThrow(
      'flow dissector of this network namespace is taken by another program; it is in another namespace',
    )
  })
})

describe('flow dissector', () => {
  it('without links is attached directly, and that is told', () => {
    vi.spyOn(nativeBinding(), 'linkCreate').mockReturnValue({ errno: errno.EINVAL, log: '' })
    using attachment = attachFlowDissector(dissectOne, { netns })
    expect(attachment).toMatchObject({ mechanism: 'direct', reason: 'link: the kernel gave none (EINVAL)' })
    expect(() => attachFlowDissector(dissectOne, { netns, mechanism: 'link' })).toThrow(/EINVAL/)
  })

  it('of somebody else is left alone', () => {
    const first = attachFlowDissector(dissectOne, { netns, mechanism: 'direct' })
    execFileSync('nsenter', [
      `--net=${netns}`,
      'bpftool',
      'prog',
      'detach',
      'id',
      String(dissectOne.id),
      'flow_dissector',
    ])
    expect(first.query()).toBeUndefined()
    using second = attachFlowDissector(dissectTwo, { netns })
    const message = /has program dissect_two .* expected program dissect_one/
    expect(() => first.update(dissectOne)).toThrow(message)
    expect(() => first.detach()).toThrow(message)
    first.close()
    expect(second.query()?.program.id).toBe(dissectTwo.id)
  })
})

describe('when the namespace ends', () => {
  it('a link says so, and can be detached', async () => {
    await using short = await makeShortLived()
    using attachment = attachSkLookup(lookOne, { netns: short.hosts.host.netns })
    await short.close()
    // The kernel takes its time.
    await vi.waitFor(() => expect(() => attachment.update(lookTwo)).toThrow(NetnsGoneError), { timeout: 20_000 })
    expect(() => attachment.query()).toThrow(NetnsGoneError)
    expect(() => attachment.query()).toThrow(`the network namespace ${attachment.netns} does not exist any more`)
    attachment.detach()
  })

  it('so does what has no link', async () => {
    await using short = await makeShortLived()
    using attachment = attachFlowDissector(dissectOne, { netns: short.hosts.host.netns, mechanism: 'direct' })
    await short.close()
    for (const use of [() => attachment.update(dissectTwo), () => attachment.query()])
      expect(use).toThrow(NetnsGoneError)
    attachment.detach()
  })

  it('a link that somebody has detached is told from that', () => {
    using attachment = attachSkLookup(lookOne, { netns })
    execFileSync('bpftool', ['link', 'detach', 'id', String(attachment.link?.id)])
    expect(attachment.query()).toBeUndefined()
    expect(() => attachment.update(lookTwo)).toThrow(/ENOLINK.*somebody has detached the link/)
  })
})

describe('bad input', () => {
  it.each(['/nowhere', 'no-such-name', '/proc/self/ns/mnt', '/proc/self/status', '/'])('namespace %s', (path) => {
    const calls = [
      () => attachSkLookup(lookOne, { netns: path }),
      () => attachFlowDissector(dissectOne, { netns: path }),
      () => attachFlowDissector(dissectOne, { netns: path, mechanism: 'direct' }),
      () => querySkLookup({ netns: path }),
      () => queryFlowDissector({ netns: path }),
    ]
    for (const call of calls) {
      expect(call).toThrow(ArgumentError)
      expect(call).toThrow(`options.netns is '${path}', expected the path of a network namespace`)
    }
  })

  it('another kind of program', () => {
    expect(() => attachSkLookup(dissectOne as never)).toThrow("program.type is 'flow_dissector', expected sk_lookup")
    expect(() => attachFlowDissector(lookOne as never)).toThrow("program.type is 'sk_lookup', expected flow_dissector")
    expect(() => attachSkLookup(undefined as never)).toThrow(ArgumentError)
    using attachment = attachSkLookup(lookOne, { netns })
    expect(() => attachment.update(dissectOne as never)).toThrow(ArgumentError)
  })

  it('options', () => {
    expect(() => attachSkLookup(lookOne, { ns: netns } as never)).toThrow(ArgumentError)
    expect(() => attachSkLookup(lookOne, { netns: 5 as never })).toThrow(ArgumentError)
    const options = { netns, mechanism: 'drect' } as unknown as AttachFlowDissectorOptions
    expect(() => attachFlowDissector(dissectOne, options)).toThrow(/options\.mechanism.*did you mean direct\?/)
    expect(() => querySkLookup({ netn: netns } as never)).toThrow(/did you mean netns\?/)
    expect(() => querySkLookup({ pids: 1 as never })).toThrow(/options\.pids is 1/)
  })

  it('what was closed', () => {
    const attachment = attachSkLookup(lookOne, { netns })
    attachment.close()
    attachment.close()
    expect(attachment.closed).toBe(true)
    for (const use of [() => attachment.update(lookTwo), () => attachment.query(), () => attachment.detach()]) {
      expect(use).toThrow(ClosedError)
    }
    const program = Program.openById(lookOne.id).as('sk_lookup')
    program.close()
    expect(() => attachSkLookup(program, { netns })).toThrow(ClosedError)
  })

  it('without capabilities, says which one is missing', () => {
    const calls: (() => unknown)[] = [
      () => attachSkLookup(lookOne, { netns }),
      () => attachFlowDissector(dissectOne, { netns }),
      () => attachFlowDissector(dissectOne, { mechanism: 'direct' }),
      () => querySkLookup(),
      () => queryFlowDissector({ netns }),
    ]
    for (const call of calls) {
      expect(() => asNobody(call)).toThrow(expect.objectContaining({ code: 'ERR_MISSING_CAPABILITY' }))
    }
  })
})
