import { afterAll, describe, expect, it, vi } from 'vitest'
import { makeNetwork } from '../test/network.js'
import { received, send } from '../test/traffic.js'
import { loadWitnesses } from '../test/witnesses.js'
import { attachTc, TcAction } from './index.js'

const network = await makeNetwork()
const witnesses = await loadWitnesses()
const { a, b, decide } = witnesses.programs
const { near, far } = network.hosts
const { netns } = far

afterAll(async () => {
  witnesses.close()
  await network.close()
})

/** What becomes of a packet: which of the other programs see it, and whether it goes on to the stack. */
const outcomes = {
  tcx: {
    Unspec: 'ab on',
    Ok: ' on',
    // No verdicts there: they end the list of TCX, and clsact decides.
    ...{ Reclassify: 'b on', Pipe: 'b on', Stolen: 'b on', Queued: 'b on', Repeat: 'b on', Trap: 'b on' },
    Shot: '',
    Redirect: '',
  },
  clsact: {
    ...{ Unspec: 'ab on', Reclassify: 'ab on', Pipe: 'ab on', Queued: 'ab on', Repeat: 'ab on' },
    Ok: ' on',
    ...{ Shot: '', Stolen: '', Redirect: '', Trap: '' },
  },
} as const

describe.each(['tcx', 'clsact'] as const)('on %s', (mechanism) => {
  it.each(Object.entries(outcomes[mechanism]))('%s comes to "%s"', async (name, outcome) => {
    witnesses.decide(TcAction[name as keyof typeof TcAction])
    using _first = attachTc(decide, 'eth0', { netns, direction: 'ingress', mechanism })
    using _second = attachTc(a, 'eth0', { netns, direction: 'ingress', mechanism })
    using _last = attachTc(b, 'eth0', { netns, direction: 'ingress', mechanism: 'clsact' })
    const before = await received(far)
    await send(near)
    await vi.waitFor(async () => expect((await received(far)).frames).toBe(before.frames + 1), 10_000)
    const { packets } = await received(far)
    expect(`${witnesses.takeTrail()}${packets > before.packets ? ' on' : ''}`).toBe(outcome)
  })
})
