import { loadSync, type Program } from '@millrace/core'
import { isAtLeast } from '@millrace/core/internal'
import { attachTc } from '@millrace/tc'
import { packet } from '@millrace/testing'
import { attachXdp } from '@millrace/xdp'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { Closables } from './closables.js'
import { metadataTc } from './generated/metadata_tc.bpf.js'
import { metadataXdp, Note } from './generated/metadata_xdp.bpf.js'
import { makeWire } from './wire.js'

const network = await makeWire({ mtu: 1500 })
const { server } = network
afterAll(() => network.close())

const keep = new Closables()
afterEach(() => keep.close())

const frame = packet().ethernet().ipv4().udp({ destinationPort: 9 }).payload(new Uint8Array(100).fill(7)).build()
const noted = { number: 40n, protocol: 0x0800, lastByte: 7, seen: false, length: 142 }

interface Slot<P> {
  set(index: 0, program: P): unknown
}

/** Wires programs one after the other. */
function wire<P>(stages: readonly { readonly program: P; readonly next: Slot<P> }[]): void {
  stages.forEach(({ next }, index) => {
    const following = stages[index + 1]
    if (following !== undefined) next.set(0, following.program)
  })
}

/** Stages of metadata.h, for either hook. */
type Name = 'note' | 'noteAgain' | 'reserve' | 'amend' | 'tell'

function loadXdp(name: Name) {
  const { programs, maps } = keep.add(loadSync(metadataXdp, { constants: { number: noted.number } }))
  return { program: programs[name], next: maps.mrNext, maps }
}

function loadTc(name: Name | 'soil' | 'tellFromXdp') {
  const { programs, maps } = keep.add(loadSync(metadataTc, { constants: { number: noted.number } }))
  return { program: programs[name], next: maps.mrNext, maps }
}

const run = (program: Program) => program.testRun({ data: frame, dataOutSize: 0 }).returnValue | 0

describe.each([
  { name: 'xdp', load: loadXdp, alone: 2 },
  { name: 'tc', load: loadTc, alone: -1 },
])('between stages, at $name', ({ load, alone }) => {
  /** Runs stages of these names over the frame; returns what the last, `tell`, has told. */
  function told(...names: Name[]) {
    const stages = names.map((name) => load(name))
    wire(stages as Parameters<typeof wire>[0])
    const [head] = stages
    const last = stages.at(-1)
    if (!head || !last) throw new Error('no stages')
    expect(run(head.program)).toBe(alone)
    return { note: last.maps.told.get(0), missing: last.maps.missing.get(0) }
  }

  it('what one has noted, the next one reads', () => {
    expect(told('note', 'tell')).toEqual({ note: noted, missing: 0n })
  })

  it('those between may change it', () => {
    expect(told('note', 'amend', 'amend', 'tell')).toEqual({ note: { ...noted, number: 42n, seen: true }, missing: 0n })
  })

  it('is zero when it was reserved only', () => {
    const zero = { number: 0n, protocol: 0, lastByte: 0, seen: false, length: 0 }
    expect(told('reserve', 'tell')).toEqual({ note: zero, missing: 0n })
    expect(told('note', 'reserve', 'tell')).toEqual({ note: zero, missing: 0n })
  })

  it('is not there when nobody has reserved it', () => {
    expect(told('amend', 'tell')).toMatchObject({ missing: 1n })
  })

  it('is found or reserved by one that does not know which', () => {
    expect(told('noteAgain', 'tell')).toMatchObject({ note: { number: 1n }, missing: 0n })
    expect(told('note', 'noteAgain', 'tell')).toMatchObject({ note: { number: 41n, lastByte: 7 }, missing: 0n })
  })

  it('is gone with the packet', () => {
    const stages = [load('note'), load('tell')]
    wire(stages as Parameters<typeof wire>[0])
    const [head, last] = stages
    if (!head || !last) throw new Error('no stages')
    run(head.program)
    run(last.program)
    expect(last.maps.missing.get(0)).toBe(1n)
  })
})

describe('at tc', () => {
  it('is not mistaken for what was in the control block before', () => {
    const stages = [loadTc('soil'), loadTc('tell')] as const
    wire(stages)
    expect(run(stages[0].program)).toBe(-1)
    expect(stages[1].maps.missing.get(0)).toBe(1n)
  })

  it('is all zero also where something was there before', () => {
    const stages = [loadTc('soil'), loadTc('reserve'), loadTc('tell')] as const
    wire(stages)
    expect(run(stages[0].program)).toBe(-1)
    expect(stages[2].maps.told.get(0)).toMatchObject({ number: 0n, length: 0 })
  })
})

// In a test run, metadata comes with a context.
describe.runIf(isAtLeast('5.15'))('at XDP', () => {
  it('fits in front of what the driver has put there, as long as it is 32 bytes in all', () => {
    const { program } = loadXdp('note')
    // struct xdp_md: data, data_end, data_meta ... as offsets
    const context = (metadata: number) =>
      new Uint8Array(Uint32Array.of(metadata, metadata + frame.length, 0, 0, 0, 0).buffer)
    const inFront = (metadata: number) =>
      program.testRun({
        data: Uint8Array.from([...new Uint8Array(metadata).fill(0xaa), ...frame]),
        context: context(metadata),
      })
    const { returnValue, data } = inFront(8)
    expect(returnValue).toBe(2)
    expect(Note.decode(new DataView(data.buffer, data.byteOffset), 0)).toEqual(noted)
    expect([...data.subarray(16, 24)]).toEqual(Array(8).fill(0xaa))
  })
})

describe('on the wire', () => {
  const length = 14 + 20 + 8 + 100
  const onWire = { number: 40n, protocol: 0x0800, lastByte: 0, seen: false, length }

  it.each(['native', 'generic'] as const)('goes from stage to stage at XDP, and on to tc: %s', async (mode) => {
    const { netns } = server
    const stages = [loadXdp('note'), loadXdp('amend'), loadXdp('tell')] as const
    wire(stages)
    const reader = loadTc('tellFromXdp')
    const unread = loadTc('tell')
    wire([reader, unread])
    keep.add(attachXdp(stages[0].program, 'eth0', { netns, mode }))
    keep.add(attachTc(reader.program, 'eth0', { netns, direction: 'ingress' }))
    await network.send(100)
    const note = { ...onWire, number: 41n, seen: true }
    await vi.waitFor(() => {
      expect(stages[2].maps.told.get(0)).toEqual(note)
      expect(reader.maps.told.get(0)).toEqual(note)
    })
    // What XDP has left is not the metadata of tc's own stages.
    expect(unread.maps.missing.get(0)).toBe(1n)
  })

  it.each(['ingress', 'egress'] as const)('goes from stage to stage at tc: %s', async (direction) => {
    const { netns } = direction === 'ingress' ? server : network.client
    const stages = [loadTc('note'), loadTc('amend'), loadTc('tell')] as const
    wire(stages)
    keep.add(attachTc(stages[0].program, 'eth0', { netns, direction }))
    await network.send(100)
    await vi.waitFor(() => expect(stages[2].maps.told.get(0)).toEqual({ ...onWire, number: 41n, seen: true }))
  })
})
