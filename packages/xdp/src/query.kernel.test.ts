import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ArgumentError, load } from '@millrace/core'
import { nativeBinding } from '@millrace/core/internal'
import { afterAll, describe, expect, it } from 'vitest'
import { mountBpffs } from '../../core/test/support/bpffs.js'
import { verdicts } from '../test/generated/verdicts.bpf.js'
import { makeNetwork } from '../test/network.js'
import { attachXdp, queryXdp } from './index.js'

const network = await makeNetwork()
const object = await load(verdicts)
const { pass } = object.programs
const { netns } = network.hosts.far

afterAll(async () => {
  object.close()
  await network.close()
})

const pidsThere = () => queryXdp('eth0', { netns })[0]?.pids

describe('the processes that hold what is attached', () => {
  it('are those that have the link open', async () => {
    using attachment = attachXdp(pass, 'eth0', { netns, mechanism: 'link' })
    expect(pidsThere()).toEqual([process.pid])
    const descriptor = nativeBinding().descriptor(attachment.link?.handle ?? 0)
    const child = spawn('cat', { stdio: ['pipe', 'ignore', 'inherit', descriptor] })
    await once(child, 'spawn')
    const both = [process.pid, child.pid ?? 0].toSorted((a, b) => a - b)
    expect(pidsThere()).toEqual(both)
    expect(attachment.query()?.pids).toEqual(both)
    child.stdin?.end()
    await once(child, 'exit')
    expect(pidsThere()).toEqual([process.pid])
  })

  it('are none where a pin holds the link alone', () => {
    using bpffs = mountBpffs()
    const attachment = attachXdp(pass, 'eth0', { netns, mechanism: 'link' })
    attachment.link?.pin(join(bpffs.path, 'pinned'))
    attachment.close()
    expect(queryXdp('eth0', { netns })).toMatchObject([{ program: { id: pass.id } }])
    // Not known for sure where a process hides what it holds.
    expect(pidsThere() ?? []).toEqual([])
  })

  it('are those that have the program open where there is no link', () => {
    using _ = attachXdp(pass, 'eth0', { netns, mechanism: 'netlink' })
    expect(pidsThere()).toEqual([process.pid])
  })

  it('are not looked for when they are not wanted', () => {
    using _ = attachXdp(pass, 'eth0', { netns })
    const [found] = queryXdp('eth0', { netns, pids: false })
    expect(found).toMatchObject({ program: { id: pass.id, name: 'pass' } })
    expect(found?.pids).toBeUndefined()
    const wrong = { netns, pids: 'no' } as unknown as { pids: boolean }
    expect(() => queryXdp('eth0', wrong)).toThrow(ArgumentError)
  })
})
