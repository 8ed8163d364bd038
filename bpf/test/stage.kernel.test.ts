import { loadSync } from '@millrace/core'
import { packet } from '@millrace/testing'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { Closables } from './closables.js'
import { stagesFrags } from './generated/stages_frags.bpf.js'
import { genericXdp, Stage, type StageHook, tc, wire, xdp } from './stages.js'
import { makeWire } from './wire.js'

/** The kernel's limit. */
const mostTailCalls = 33
const lo = 1

const frame = (last: number, payload = 100) =>
  packet()
    .ethernet()
    .ipv4()
    .udp({ destinationPort: 9 })
    .payload(new Uint8Array(payload).fill(last, payload - 1))
    .build()

const network = await makeWire({ mtu: 1500 })
const { client, server } = network
afterAll(() => network.close())

const keep = new Closables()
afterEach(() => keep.close())

/** IP packets that have come to the stack. */
async function arrived(): Promise<number> {
  const { stdout } = await server.run('cat', ['/proc/net/snmp'])
  return Number(/^Ip: \d+ \d+ (\d+)/m.exec(stdout)?.[1])
}

/** Sends datagrams from the client to the server, one for each payload. */
async function send(payloads: readonly Uint8Array[]): Promise<void> {
  const script = `
    const socket = require('node:dgram').createSocket('udp4')
    const payloads = JSON.parse(process.argv[1])
    const next = () => payloads.length === 0 ? process.exit() : socket.send(Buffer.from(payloads.shift()), 9, '10.9.0.2', next)
    next()`
  const { code } = await client.run(process.execPath, [
    '-e',
    script,
    JSON.stringify(payloads.map((bytes) => [...bytes])),
  ])
  expect(code).toBe(0)
}

const nothing = { packets: 0, bytes: 0, nanoseconds: 0, missed: 0, verdicts: {} }

function testRuns<T extends 'xdp' | 'sched_cls'>(hook: StageHook<T>): void {
  const { alone, pass, drop, redirect, first, all, odd } = hook.verdicts

  describe(`alone, at ${hook.name}`, () => {
    it('passes what it has no verdict over', () => {
      const stage = hook.stage(keep, 'empty')
      expect(stage.run(frame(1))).toBe(alone)
      expect(stage.counted()).toEqual({ ...nothing, packets: 1, bytes: 142, missed: 1 })
    })

    it('returns what it is told to instead', () => {
      const stage = hook.stage(keep, 'empty', { mrStageMissedVerdict: drop })
      expect(stage.run(frame(1))).toBe(drop)
      expect(stage.counted()).toEqual({ ...nothing, packets: 1, bytes: 142, missed: 1 })
    })

    it.each([...all, ...odd])('returns its verdict and counts it: %i', (verdict) => {
      const stage = hook.stage(keep, 'decide', { decidedByte: 7, decidedVerdict: verdict })
      expect(stage.run(frame(7), 3)).toBe(verdict)
      const index = odd.includes(verdict) ? 11 : verdict - first
      expect(stage.counted()).toEqual({ ...nothing, packets: 3, bytes: 426, verdicts: { [index]: 3 } })
    })

    it('counts a redirection as its verdict', () => {
      const stage = hook.stage(keep, 'send', { ifindex: lo })
      expect(stage.run(frame(1))).toBe(redirect)
      expect(stage.counted().verdicts).toEqual({ [redirect - first]: 1 })
    })

    it('counts nothing when it is not to, but the missed', () => {
      const stage = hook.stage(keep, 'decide', { mrStageCounting: false, mrStageTiming: true, decidedByte: 7 })
      stage.run(frame(7))
      expect(stage.counted()).toEqual(nothing)
      stage.run(frame(1))
      expect(stage.counted()).toEqual({ ...nothing, missed: 1 })
    })

    it('counts frames of every length, also those that end within a header', () => {
      const whole = frame(7)
      const stage = hook.stage(keep, 'decide', { decidedByte: 7, decidedVerdict: drop })
      // What the kernel test-runs a tc program over has the IP header that its EtherType promises.
      const least = hook.name === 'xdp' ? 14 : 34
      let bytes = 0
      for (let length = least; length <= whole.length; length++) {
        bytes += length
        expect(stage.run(whole.subarray(0, length))).toBe(whole[length - 1] === 7 ? drop : alone)
      }
      expect(stage.counted()).toMatchObject({ packets: whole.length - least + 1, bytes })
    })

    it('counts what is behind the end of the datagram, too', () => {
      const padded = Uint8Array.from([...frame(1), ...new Uint8Array(17), 7])
      const stage = hook.stage(keep, 'decide', { decidedByte: 7, decidedVerdict: drop })
      expect(stage.run(padded)).toBe(drop)
      expect(stage.counted()).toMatchObject({ packets: 1, bytes: 160, verdicts: { [drop - first]: 1 } })
    })
  })

  describe(`in a chain, at ${hook.name}`, () => {
    it('goes on with the next stage until one decides', () => {
      const stages = [
        hook.stage(keep, 'empty'),
        hook.stage(keep, 'decide', { decidedByte: 7, decidedVerdict: drop }),
        hook.stage(keep, 'empty'),
      ] as const
      const [one, two, three] = stages
      wire(stages, hook.end(keep, pass))
      expect(one.run(frame(1))).toBe(pass)
      expect(one.run(frame(7), 2)).toBe(drop)
      expect(one.counted()).toEqual({ ...nothing, packets: 3, bytes: 426 })
      expect(two.counted()).toEqual({ ...nothing, packets: 3, bytes: 426, verdicts: { [drop - first]: 2 } })
      expect(three.counted()).toEqual({ ...nothing, packets: 1, bytes: 142 })
    })

    it("ends with the chain's own verdict", () => {
      const stage = hook.stage(keep, 'empty', { mrStageMissedVerdict: pass })
      for (const verdict of all) {
        stage.goOnTo(hook.end(keep, verdict))
        expect(stage.run(frame(1))).toBe(verdict)
      }
      expect(stage.counted()).toMatchObject({ packets: all.length, missed: 0, verdicts: {} })
    })

    it('counts what met an emptied slot', () => {
      const [one, two] = [hook.stage(keep, 'empty'), hook.stage(keep, 'empty', { mrStageMissedVerdict: drop })]
      wire([one, two], hook.end(keep, pass))
      expect(one.run(frame(1))).toBe(pass)
      two.goOnTo(undefined)
      expect(one.run(frame(1))).toBe(drop)
      one.goOnTo(undefined)
      expect(one.run(frame(1))).toBe(alone)
      expect(one.counted()).toMatchObject({ packets: 3, missed: 1 })
      expect(two.counted()).toMatchObject({ packets: 2, missed: 1 })
    })

    it(`counts what came to the limit of ${mostTailCalls} tail calls`, () => {
      const stage = () => hook.stage(keep, 'empty', { mrStageMissedVerdict: drop })
      const stages = [stage(), ...Array.from({ length: mostTailCalls - 1 }, stage)] as const
      const end = hook.end(keep, pass)
      const head = wire(stages, end)
      expect(head.run(frame(1))).toBe(pass)
      const more = stage()
      more.goOnTo(head)
      expect(more.run(frame(1))).toBe(drop)
      expect(more.counted().missed).toBe(0)
      expect(stages.map((each) => each.counted().missed)).toEqual([...Array(mostTailCalls - 1).fill(0), 1])
    })

    it('takes the time of its own code, when it is to', () => {
      const timed = { mrStageTiming: true }
      const runs = 500
      const stages = [
        hook.stage(keep, 'empty', timed),
        hook.stage(keep, 'dawdle', timed),
        hook.stage(keep, 'empty'),
      ] as const
      const [quick, slow, untimed] = stages
      wire(stages, hook.end(keep, pass)).run(frame(1, 1000), runs)
      expect(untimed.counted()).toMatchObject({ packets: runs, nanoseconds: 0 })
      expect(slow.counted().nanoseconds).toBeGreaterThan(runs)
      // What the next stages take is not in it: the slow one takes twenty times as long. Unless it was interrupted, so again.
      const share = () => quick.counted().nanoseconds / slow.counted().nanoseconds
      for (let again = 0; again < 20 && share() >= 0.5; again++) quick.run(frame(1, 1000), runs)
      expect(share()).toBeLessThan(0.5)
    })

    it('takes the time of a stage that decides, too', () => {
      const stage = hook.stage(keep, 'decide', { mrStageTiming: true, decidedByte: 7, decidedVerdict: drop })
      stage.run(frame(7), 100)
      expect(stage.counted().nanoseconds).toBeGreaterThan(0)
    })
  })
}

function onWire<T extends 'xdp' | 'sched_cls'>(hook: StageHook<T>): void {
  const { pass, drop, first } = hook.verdicts

  describe(`on the wire, at ${hook.name}`, () => {
    it('sees each packet, and only what nobody dropped comes through', async () => {
      const decide = (decidedByte: number) => hook.stage(keep, 'decide', { decidedByte, decidedVerdict: drop })
      const stages = [decide(1), hook.stage(keep, 'empty'), decide(2)] as const
      const head = wire(stages, hook.end(keep, pass))
      hook.attach(keep, head, server)
      const before = await arrived()
      await send(Array.from({ length: 60 }, (_, index) => Uint8Array.of(0, index % 3)))
      const size = 14 + 20 + 8 + 2
      const dropped = { verdicts: { [drop - first]: 20 } }
      await vi.waitFor(async () => {
        expect(stages.map((stage) => stage.counted())).toEqual([
          { ...nothing, packets: 60, bytes: 60 * size, ...dropped },
          { ...nothing, packets: 40, bytes: 40 * size },
          { ...nothing, packets: 40, bytes: 40 * size, ...dropped },
        ])
        expect((await arrived()) - before).toBe(20)
      })
    })

    it('goes without a stage, and with another, while it is attached', async () => {
      const [head, two, three] = [1, 2, 3].map((decidedByte) =>
        hook.stage(keep, 'decide', { decidedByte, decidedVerdict: drop }),
      )
      if (!head || !two || !three) throw new Error('three stages')
      const end = hook.end(keep, pass)
      wire([head, two], end)
      hook.attach(keep, head, server)
      const each = [0, 1, 2, 3].map((byte) => Uint8Array.of(0, byte))
      await send(each)
      await vi.waitFor(() => expect(two.counted()).toMatchObject({ packets: 3, verdicts: { [drop - first]: 1 } }))
      three.goOnTo(end)
      head.goOnTo(three)
      await send(each)
      await vi.waitFor(() => expect(three.counted()).toMatchObject({ packets: 3, verdicts: { [drop - first]: 1 } }))
      expect(two.counted().packets).toBe(3)
      head.goOnTo(end)
      const before = await arrived()
      await send(each)
      await vi.waitFor(async () => expect((await arrived()) - before).toBe(3))
      expect(three.counted().packets).toBe(3)
    })
  })
}

testRuns(xdp)
testRuns(tc)
onWire(xdp)
onWire(genericXdp)
onWire(tc)

describe('bytes that cannot be accessed directly', () => {
  it('are counted at tc', async () => {
    const stage = tc.stage(keep, 'empty')
    stage.goOnTo(tc.end(keep, 0))
    const wide = await makeWire()
    try {
      tc.attach(keep, stage, wide.server)
      await wide.send(50_000)
      await vi.waitFor(() => expect(stage.counted()).toMatchObject({ packets: 1, bytes: 14 + 20 + 8 + 50_000 }))
    } finally {
      keep.close()
      await wide.close()
    }
  })

  it('are counted at XDP, in a stage that takes fragments', () => {
    const { programs, maps } = keep.add(loadSync(stagesFrags))
    const stage = new Stage(programs.empty, maps)
    expect(stage.run(new Uint8Array(9000))).toBe(xdp.verdicts.alone)
    expect(stage.counted()).toMatchObject({ packets: 1, bytes: 9000 })
  })
})
