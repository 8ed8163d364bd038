import { loadSync } from '@millrace/core'
import { packet } from '@millrace/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { events } from './generated/events.bpf.js'

const load = () => loadSync(events)
let object: ReturnType<typeof load>
beforeEach(() => {
  object = load()
})
afterEach(() => object.close())

const from = (last: number) => packet().ethernet({ source: `02:00:00:00:00:0${last}` })
const run = (program: 'report' | 'count', frame: Uint8Array) =>
  object.programs[program].testRun({ data: frame, dataOutSize: 0 }).returnValue

describe('events', () => {
  it('arrive in order, as records of their type', () => {
    const lengths = [1, 2, 3].map((source) => {
      const frame = from(source).ipv4().udp().payload(new Uint8Array(source)).build()
      expect(run('report', frame)).toBe(2)
      return frame.length
    })
    expect(object.maps.frames.drain()).toEqual(
      lengths.map((length, index) => ({ source: `02:00:00:00:00:0${index + 1}`, protocol: 0x0800, length })),
    )
    expect(object.maps.frames.overruns()).toBe(0n)
  })

  it('that are discarded do not', () => {
    expect(run('report', from(1).ipv6().udp().build())).toBe(2)
    expect(object.maps.frames.drain()).toEqual([])
  })

  it('are counted where the buffer is full, and flow again when it is read', () => {
    const frame = from(1).ipv4().udp().build()
    // 4096 bytes in records of 16 and a head of 8; one more would make a full buffer look empty.
    const room = 170
    const verdicts = Array.from({ length: room + 30 }, () => run('report', frame))
    expect(verdicts.filter((verdict) => verdict === 2)).toHaveLength(room)
    expect(object.maps.frames.overruns()).toBe(30n)
    expect(object.maps.frames.drain()).toHaveLength(room)
    expect(run('report', frame)).toBe(2)
    expect(object.maps.frames.drain()).toHaveLength(1)
    expect(object.maps.frames.overruns()).toBe(30n)
  })
})

describe('counters', () => {
  const sum = (index: number) =>
    (object.maps.framesByParity.get(index) ?? []).reduce(
      (total, { packets, bytes }) => ({ packets: total.packets + packets, bytes: total.bytes + bytes }),
      { packets: 0n, bytes: 0n },
    )

  it('count packets and bytes by index', () => {
    const frames = [0, 1, 1, 5].map((source) =>
      from(source)
        .payload(new Uint8Array(source * 10 + 10))
        .build(),
    )
    for (const frame of frames) run('count', frame)
    expect(sum(0)).toEqual({ packets: 1n, bytes: 24n })
    expect(sum(1)).toEqual({ packets: 3n, bytes: 34n + 34n + 74n })
  })

  it('count nothing beyond the end', () => {
    expect(run('count', from(2).payload('x').build())).toBe(2)
    expect([sum(0), sum(1)]).toEqual(Array(2).fill({ packets: 0n, bytes: 0n }))
  })

  it('count in a shared place', () => {
    const source = '02:00:00:00:00:07'
    object.maps.framesBySource.set(source, { packets: 5n, bytes: 1000n })
    for (let index = 0; index < 3; index++) run('count', from(7).payload(new Uint8Array(86)).build())
    run('count', from(6).payload('x').build())
    expect(object.maps.framesBySource.get(source)).toEqual({ packets: 8n, bytes: 1300n })
    expect([...object.maps.framesBySource.keys()]).toEqual([source])
  })
})
