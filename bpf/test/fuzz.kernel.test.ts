import { packet } from '@millrace/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { MrStatus } from './generated/packet_xdp.bpf.js'
import { loadHooks } from './hooks.js'
import { parseTcpOptions, splitOptions } from './options-reference.js'
import { parseReference } from './packet-reference.js'
import { Random } from './random.js'
import { invent, inventOptions, mutate } from './random-frame.js'
import { samples, tagged } from './samples.js'

const hooks = loadHooks()
afterAll(() => {
  for (const hook of hooks) hook.close()
})

const count = 100_000
const seeds = Object.values(samples).flatMap((sample) => [sample.build(), tagged(sample.build())])

describe.each(hooks)('$name', (hook) => {
  it(`agrees with the reference over ${count.toLocaleString('en')} random packets`, { timeout: 60_000 }, () => {
    const random = new Random(20_261_120)
    const statuses = new Map<MrStatus, number>()
    for (let index = 0; index < count; ) {
      const frame = random.chance(0.5) ? mutate(random.pick(seeds), random) : invent(random)
      // The kernel runs no shorter ones, nor longer than fit a page with their headroom.
      if (frame.length < hook.least(frame) || frame.length > 3000) continue
      index++
      const expected = parseReference(frame)
      const { verdict, ...found } = hook.parse(frame)
      statuses.set(found.status, (statuses.get(found.status) ?? 0) + 1)
      const wanted = expected.status === MrStatus.Ok ? hook.verdicts.pass : hook.verdicts.drop
      if (verdict !== wanted || !same(found, expected)) {
        expect({ verdict, ...found }, Buffer.from(frame).toString('hex')).toEqual({ verdict: wanted, ...expected })
      }
    }
    // A share of each outcome, or the packets were not worth the trouble.
    const share = (status: MrStatus) => (statuses.get(status) ?? 0) / count
    expect(share(MrStatus.Ok)).toBeGreaterThan(0.1)
    expect(share(MrStatus.Truncated)).toBeGreaterThan(0.1)
    expect(share(MrStatus.Malformed)).toBeGreaterThan(0.05)
    expect(share(MrStatus.TooDeep)).toBeGreaterThan(0.005)
    expect(statuses.has(MrStatus.Nonlinear)).toBe(false)
  })
})

describe.each(hooks)('options at $name', (hook) => {
  const rounds = 10_000
  const base = packet().ethernet()

  it(`of TCP agree with the reference over ${rounds.toLocaleString('en')} headers`, () => {
    const random = new Random(9293)
    for (let round = 0; round < rounds; round++) {
      const data = inventOptions(random.below(11), random)
      const { status, tcpOptions: found } = hook.walk(
        base
          .ipv4()
          .tcp({ options: [{ option: 'raw', data }] })
          .build(),
      )
      const expected = parseTcpOptions(data)
      const { mss, windowScale, sackPermitted, timestamps } = expected
      const present = [
        [mss, 1 << 2],
        [windowScale, 1 << 3],
        [sackPermitted, 1 << 4],
        [timestamps, 1 << 8],
      ] as const
      expect({ status, ...found }, Buffer.from(data).toString('hex')).toEqual({
        status: expected.malformed ? MrStatus.Malformed : MrStatus.Ok,
        present: present.reduce((bits, [value, bit]) => bits | (value === undefined ? 0 : bit), 0),
        mss: mss ?? 0,
        windowScale: windowScale ?? 0,
        timestamp: timestamps?.[0] ?? 0,
        timestampEcho: timestamps?.[1] ?? 0,
      })
    }
  })

  it(`of IPv4 agree with the reference over ${rounds.toLocaleString('en')} headers`, () => {
    const random = new Random(791)
    for (let round = 0; round < rounds; round++) {
      const data = inventOptions(random.below(11), random)
      const { status, ipv4Options } = hook.walk(
        base
          .ipv4({ options: [{ option: 'raw', data }] })
          .udp()
          .build(),
      )
      const { options, malformed } = splitOptions(data)
      expect({ status, ipv4Options }, Buffer.from(data).toString('hex')).toEqual({
        status: malformed ? MrStatus.Malformed : MrStatus.Ok,
        ipv4Options: options.reduce((bits, [kind]) => bits | (1 << (kind & 31)), 0) >>> 0,
      })
    }
  })
})

/** `toEqual` takes 50 us, too long for every packet. */
function same(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
