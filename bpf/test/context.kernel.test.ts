import { loadSync } from '@millrace/core'
import { packet, parsePacket, testRun } from '@millrace/testing'
import { describe, expect, it } from 'vitest'
import { contextTc } from './generated/context_tc.bpf.js'
import { contextXdp } from './generated/context_xdp.bpf.js'

/** The same dataplane at both hooks, told what to do by its constant. */
const hooks = [
  {
    name: 'xdp',
    load: (amount: number) => loadSync(contextXdp, { constants: { amount } }),
    pass: 'pass',
    drop: 'drop',
    aborted: 'aborted',
    transmitted: 'tx',
  },
  {
    name: 'tc',
    load: (amount: number) => loadSync(contextTc, { constants: { amount } }),
    pass: 'ok',
    drop: 'shot',
    aborted: 'shot',
    transmitted: 'redirect',
  },
] as const

const frame = packet().ethernet().ipv4().udp({ destinationPort: 53 }).payload(new Uint8Array(100).fill(7)).build()
const ramp = Uint8Array.from({ length: 20 }, (_, index) => index + 1)

describe.each(hooks)('$name', ({ load, pass, drop, aborted, transmitted }) => {
  const run = (amount: number, name: 'adjust' | 'flip' | 'redirect' | 'swapAndTransmit' | 'abortIt') => {
    using object = load(amount)
    return testRun(object.programs[name], frame)
  }

  it('verdicts have the numbers of the hook', () => {
    expect(run(0, 'flip').action).toBe(pass)
    expect(run(frame.length, 'flip').action).toBe(drop)
    expect(run(0, 'abortIt').action).toBe(aborted)
    expect(run(0, 'swapAndTransmit').action).toBe(transmitted)
    expect(run(1, 'redirect').action).toBe('redirect')
  })

  it('mr_ethernet_swap exchanges the addresses', () => {
    const { source, destination } = parsePacket(frame).get('ethernet') ?? {}
    expect(run(0, 'swapAndTransmit').packet.get('ethernet')).toMatchObject({ source: destination, destination: source })
  })

  it('mr_at reaches each byte of the packet and none behind it', () => {
    for (let offset = 0; offset < frame.length; offset++) {
      const flipped = Uint8Array.from(frame)
      flipped[offset] = 0xff ^ (frame[offset] ?? 0)
      expect(run(offset, 'flip')).toMatchObject({ action: pass, bytes: flipped })
    }
    for (const offset of [frame.length, 0x7fff, 0x8000, 0x8000 + 14, 0x10000, 0x7fffffff, -1, -0x80000000]) {
      expect(run(offset, 'flip')).toMatchObject({ action: drop, bytes: frame })
    }
  })

  it('mr_adjust_room makes room behind the Ethernet header', () => {
    const { action, bytes } = run(20, 'adjust')
    expect(action).toBe(pass)
    expect(bytes).toEqual(Uint8Array.from([...frame.subarray(0, 14), ...ramp, ...frame.subarray(14)]))
  })

  it('mr_adjust_room takes room away there', () => {
    const { action, bytes } = run(-28, 'adjust')
    expect(action).toBe(pass)
    expect(bytes).toEqual(Uint8Array.from([...frame.subarray(0, 14), ...frame.subarray(42)]))
  })

  it('mr_adjust_room refuses more than there is', () => {
    expect(run(-frame.length, 'adjust')).toMatchObject({ action: drop, bytes: frame })
    expect(run(100_000, 'adjust')).toMatchObject({ action: drop, bytes: frame })
  })

  it('mr_pull makes the frame linear as far as it goes', () => {
    for (const [amount, done] of [
      [14, true],
      [frame.length, true],
      [frame.length + 1, false],
    ] as const) {
      using object = load(amount)
      testRun(object.programs.tell, frame)
      const { length, linearLength, pulledLength, pullError } = object.maps.results.get(0) ?? {}
      expect({ length, linearLength, pulledLength }).toEqual({
        length: frame.length,
        linearLength: frame.length,
        pulledLength: frame.length,
      })
      expect(pullError === 0).toBe(done)
    }
  })
})

describe('where a packet came from', () => {
  const lo = 1

  it('at XDP is its interface and receive queue', () => {
    using object = loadSync(contextXdp)
    testRun(object.programs.tell, frame, { context: { ingressIfindex: lo, rxQueueIndex: 0 } })
    expect(object.maps.results.get(0)).toMatchObject({ ifindex: lo, rxQueue: 0, vlanOffloaded: false })
  })

  it('at tc is the interface, with queue 0 where the driver did not say', () => {
    using object = loadSync(contextTc)
    testRun(object.programs.tell, frame, { context: { ifindex: lo } })
    expect(object.maps.results.get(0)).toMatchObject({ ifindex: lo, rxQueue: 0, vlanOffloaded: false, vlanTci: 0 })
  })
})
