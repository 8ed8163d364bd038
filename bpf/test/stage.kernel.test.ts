import { loadSync } from '@millrace/core'
import { isAtLeast } from '@millrace/core/internal'
import { packet } from '@millrace/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { Closables } from './closables.js'
import { stagesFrags } from './generated/stages_frags.bpf.js'
import { type Constants, nothing, Stage, type StageHook, tc, wire, xdp } from './stages.js'

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

const keep = new Closables()
afterEach(() => keep.close())

/** Numbers of the helpers that a program calls. */
function helpersOf(instructions: Uint8Array): number[] {
  const view = new DataView(instructions.buffer, instructions.byteOffset, instructions.byteLength)
  const call = 0x85
  return Array.from({ length: instructions.length / 8 }, (_, index) => index * 8)
    .filter((at) => view.getUint8(at) === call && view.getUint8(at + 1) >> 4 === 0)
    .map((at) => view.getInt32(at + 4, true))
}

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

testRuns(xdp)
testRuns(tc)

describe('what a stage costs', () => {
  const tailCall = 12

  it.each([
    ['xdp', (constants: Constants) => xdp.stage(keep, 'empty', constants).program],
    ['tc', (constants: Constants) => tc.stage(keep, 'empty', constants).program],
  ])('is the tail call alone when it does not count, at %s', (_, load) => {
    // Where it misses it counts, behind the tail call: the lookup may be a call.
    expect(helpersOf(load({ mrStageCounting: false }).instructions())[0]).toBe(tailCall)
  })

  // Since 6.10 the verifier writes out what looks up the counters.
  it.runIf(isAtLeast('6.10') && (process.arch === 'x64' || process.arch === 'arm64'))(
    'is no other call when it counts',
    () => {
      expect(helpersOf(xdp.stage(keep, 'empty').program.instructions())).toEqual([tailCall])
      expect(helpersOf(tc.stage(keep, 'empty').program.instructions())).toEqual([tailCall])
    },
  )
})

describe.runIf(isAtLeast('5.18'))('a stage that takes fragments', () => {
  it('counts bytes that cannot be accessed directly', () => {
    const { programs, maps } = keep.add(loadSync(stagesFrags))
    const stage = new Stage(programs.empty, maps)
    expect(stage.run(new Uint8Array(9000))).toBe(xdp.verdicts.alone)
    expect(stage.counted()).toMatchObject({ packets: 1, bytes: 9000 })
  })
})
