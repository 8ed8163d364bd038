import { describe, expect, it } from 'vitest'
import { packet } from '../packet/index.js'
import { encodePcapng, PcapngWriter } from './pcapng.js'

interface Block {
  readonly type: number
  readonly body: DataView
  readonly options: ReadonlyMap<number, Uint8Array>
}

/** Reads a file as the draft describes it; `bodySize` is of the fixed part by type, and of the packet. */
function readBlocks(file: Uint8Array): Block[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const blocks: Block[] = []
  for (let at = 0; at < file.length; ) {
    const type = view.getUint32(at, true)
    const length = view.getUint32(at + 4, true)
    expect(length % 4).toBe(0)
    expect(view.getUint32(at + length - 4, true)).toBe(length)
    const captured = type === 6 ? view.getUint32(at + 20, true) : 0
    const bodySize = { 168627466: 16, 1: 8, 6: 20 + captured }[type] ?? expect.unreachable()
    const optionsAt = at + 8 + Math.ceil(bodySize / 4) * 4
    blocks.push({
      type,
      body: new DataView(file.buffer, file.byteOffset + at + 8, bodySize),
      options: readOptions(file, optionsAt, at + length - 4),
    })
    at += length
  }
  return blocks
}

function readOptions(file: Uint8Array, from: number, to: number): Map<number, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const options = new Map<number, Uint8Array>()
  for (let at = from; at < to; ) {
    const [code, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)]
    if (code === 0) {
      expect([length, at + 4]).toEqual([0, to])
      return options
    }
    options.set(code, file.subarray(at + 4, at + 4 + length))
    at += 4 + Math.ceil(length / 4) * 4
  }
  expect(options.size).toBe(0)
  return options
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

describe('a file', () => {
  it('starts with a section of little-endian blocks, version 1.0, of unknown length', () => {
    const [section] = readBlocks(encodePcapng([]))
    expect(section?.type).toBe(0x0a0d0d0a)
    expect(section?.body.getUint32(0, true)).toBe(0x1a2b3c4d)
    expect([section?.body.getUint16(4, true), section?.body.getUint16(6, true)]).toEqual([1, 0])
    expect(section?.body.getBigInt64(8, true)).toBe(-1n)
  })

  it('describes each interface, with nanoseconds', () => {
    const chunks: Uint8Array[] = []
    const writer = new PcapngWriter((chunk) => chunks.push(chunk))
    expect(writer.addInterface({ name: 'lan0', description: 'inside' })).toBe(0)
    expect(writer.addInterface({ linkType: 'ip' })).toBe(1)
    const [, lan, tunnel] = readBlocks(new Uint8Array(Buffer.concat(chunks)))
    expect([lan?.type, lan?.body.getUint16(0, true), tunnel?.body.getUint16(0, true)]).toEqual([1, 1, 101])
    expect([text(lan?.options.get(2)), text(lan?.options.get(3))]).toEqual(['lan0', 'inside'])
    for (const it of [lan, tunnel]) expect(it?.options.get(9)).toEqual(Uint8Array.of(9))
  })

  it('has packets with their time, length, comment, direction and verdict', () => {
    const timestamp = 1_700_000_000_123_456_789n
    const bytes = packet().ethernet().ipv4().udp().payload('odd').build()
    const [, , block] = readBlocks(
      encodePcapng([
        {
          packet: bytes,
          timestamp,
          ...{
            comment: 'grüße',
            direction: 'outbound',
            originalLength: 1500,
            verdict: { hook: 'tc', returnValue: -1 },
          },
        },
      ]),
    )
    const { body, options } = block ?? expect.unreachable()
    expect((BigInt(body.getUint32(4, true)) << 32n) | BigInt(body.getUint32(8, true))).toBe(timestamp)
    expect([body.getUint32(12, true), body.getUint32(16, true)]).toEqual([bytes.length, 1500])
    expect(new Uint8Array(body.buffer, body.byteOffset + 20, bytes.length)).toEqual(bytes)
    expect(text(options.get(1))).toBe('grüße')
    expect(options.get(2)).toEqual(Uint8Array.of(2, 0, 0, 0))
    expect(options.get(7)).toEqual(Uint8Array.of(1, 255, 255, 255, 255, 255, 255, 255, 255))
  })

  it('takes packets from the builder, and now for their time', () => {
    const before = BigInt(Date.now()) * 1_000_000n
    const [, , { body } = expect.unreachable()] = readBlocks(encodePcapng([{ packet: packet().ethernet().arp() }]))
    const timestamp = (BigInt(body.getUint32(4, true)) << 32n) | BigInt(body.getUint32(8, true))
    expect(timestamp).toBeGreaterThanOrEqual(before)
    expect(body.getUint32(12, true)).toBe(42)
  })

  it('gets an interface by itself, but not an unknown one', () => {
    const chunks: Uint8Array[] = []
    const writer = new PcapngWriter((chunk) => chunks.push(chunk))
    writer.write(packet().ethernet())
    expect(readBlocks(new Uint8Array(Buffer.concat(chunks))).map(({ type }) => type)).toEqual([0x0a0d0d0a, 1, 6])
    expect(() => writer.write(packet().ethernet(), { interface: 1 })).toThrow(
      'options.interface is 1, expected a number that addInterface gave',
    )
  })
})
