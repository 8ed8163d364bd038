import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { Closables } from './closables.js'
import { genericXdp, nothing, type StageHook, tc, wire, xdp } from './stages.js'
import { makeWire } from './wire.js'

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

onWire(xdp)
onWire(genericXdp)
onWire(tc)

describe('payload in pages', () => {
  it('is counted', async () => {
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
})
