import { setTimeout as sleep } from 'node:timers/promises'
import { load, UnexpectedProgramError } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import { verdicts } from '../test/generated/verdicts.bpf.js'
import { makeNetwork } from '../test/network.js'
import { received, stream } from '../test/stream.js'
import { attachXdp } from './index.js'

const network = await makeNetwork()
const object = await load(verdicts)
const { dropFirst, dropSecond, pass } = object.programs
const { near, far } = network.hosts
const { netns } = far

/** Packets that the first or the second of the programs has dropped. */
const seen = (index: number) =>
  (object.maps.seen.get(index) ?? []).reduce((sum, { packets }) => sum + Number(packets), 0)

afterAll(async () => {
  object.close()
  await network.close()
})

const kinds = (['native', 'generic'] as const).flatMap((mode) =>
  (['link', 'netlink'] as const).map((mechanism) => ({ mode, mechanism })),
)

describe.each(kinds)('$mode by $mechanism', ({ mode, mechanism }) => {
  it('exchanges the program', () => {
    using attachment = attachXdp(dropFirst, 'eth0', { netns, mode, mechanism })
    attachment.update(dropSecond)
    expect(attachment.query()?.program.id).toBe(dropSecond.id)
    attachment.update(dropSecond)
    attachment.update(dropFirst, { expectedOld: dropSecond })
    expect(attachment.query()?.program.id).toBe(dropFirst.id)
  })

  it('leaves the program there when another one was expected', () => {
    using attachment = attachXdp(dropFirst, 'eth0', { netns, mode, mechanism })
    const update = () => attachment.update(dropSecond, { expectedOld: pass })
    expect(update).toThrow(UnexpectedProgramError)
    expect(update).toThrow(/has program drop_first \(id \d+\), expected program pass \(id \d+\); nothing was changed/)
    expect(attachment.query()?.program.id).toBe(dropFirst.id)
  })

  it('exchanges a program that its owner has closed', async () => {
    using owner = await load(verdicts)
    using attachment = attachXdp(owner.programs.dropFirst, 'eth0', { netns, mode, mechanism })
    owner.close()
    attachment.update(dropSecond)
    expect(attachment.query()?.program.id).toBe(dropSecond.id)
  })

  it('lets no packet by while programs are exchanged under traffic', async () => {
    object.maps.seen.clear()
    using attachment = attachXdp(dropFirst, 'eth0', { netns, mode, mechanism })
    const before = await received(far)
    let sent = 0
    // Until both have seen enough, however much else the machine has to do.
    do {
      let isOver = false
      const sending = stream(near, far, 600).finally(() => {
        isOver = true
      })
      for (let update = 0; !isOver; update++) {
        attachment.update(update % 2 === 0 ? dropSecond : dropFirst)
        await sleep(1)
      }
      sent += await sending
    } while (Math.min(seen(0), seen(1)) <= 100)
    const after = await received(far)
    const [first, second] = [seen(0), seen(1)]
    expect(first + second).toBe(after.frames - before.frames)
    expect(first + second).toBe(sent)
    expect(after.packets - before.packets).toBe(0)
  })
})
