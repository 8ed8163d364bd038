import { ArgumentError } from '../errors/index.js'
import { Packet } from '../packet/index.js'
import { type BlockOption, block, text } from './block.js'

/** Where packets of a capture were seen. */
export interface PcapngInterface {
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** what packets start with: an Ethernet header (default) or an IP header */
  readonly linkType?: 'ethernet' | 'ip' | undefined
}

/**
 * What a capture says of a packet.
 *
 * @example
 * ```ts
 * import { PcapngWriter, packet } from '@millrace/testing'
 *
 * const writer = new PcapngWriter((chunk) => process.stdout.write(chunk))
 * const time = { timestamp: 1_700_000_000_123_456_789n, direction: 'inbound' } as const
 * writer.write(packet().ethernet().arp(), { ...time, comment: 'first' })
 * ```
 */
export interface PcapngPacketOptions {
  /** nanoseconds since 1970 (UTC); default now */
  readonly timestamp?: bigint | undefined
  /** number that {@link PcapngWriter.addInterface} gave; default 0 */
  readonly interface?: number | undefined
  readonly comment?: string | undefined
  readonly direction?: 'inbound' | 'outbound' | undefined
  /** bytes on the wire, where the packet was cut off */
  readonly originalLength?: number | undefined
  /** what a program at this hook returned for the packet */
  readonly verdict?: { readonly hook: 'tc' | 'xdp'; readonly returnValue: number } | undefined
}

/** A packet of {@link encodePcapng}. */
export interface PcapngPacket extends PcapngPacketOptions {
  readonly packet: Uint8Array | Packet
}

const blockType = { section: 0x0a0d0d0a, interface: 1, enhancedPacket: 6 }
const linkTypes = { ethernet: 1, ip: 101 }
const comment = 1

/**
 * Writes a pcapng file block by block, for Wireshark, tshark and tcpdump to read: timestamps in nanoseconds, several interfaces,
 * comments, and verdicts of XDP and tc programs (pcapng's `epb_verdict`).
 *
 * @see {@link https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html | PCAP Now Generic File Format}
 * @example
 * ```ts
 * import { createWriteStream } from 'node:fs'
 * import { PcapngWriter, packet } from '@millrace/testing'
 *
 * const file = createWriteStream('trace.pcapng')
 * const writer = new PcapngWriter((chunk) => file.write(chunk))
 * const lan = writer.addInterface({ name: 'lan0' })
 * writer.write(packet().ethernet().ipv4().udp(), { interface: lan, comment: 'the first', verdict: { hook: 'xdp', returnValue: 2 } })
 * file.end()
 * ```
 */
export class PcapngWriter {
  readonly #sink: (chunk: Uint8Array) => unknown
  #interfaces = 0

  /** @param sink - gets whole blocks, in order; the first, the section header, at once */
  constructor(sink: (chunk: Uint8Array) => unknown) {
    this.#sink = sink
    this.#sink(sectionHeader())
  }

  /** Returns the number that packets refer to the interface by. */
  addInterface(description: PcapngInterface = {}): number {
    this.#sink(interfaceDescription(description))
    return this.#interfaces++
  }

  /**
   * Writes a packet. The first one brings an unnamed Ethernet interface with it when there is none yet.
   *
   * @throws {@link ArgumentError} for an interface that was not added
   */
  write(packet: Uint8Array | Packet, options: PcapngPacketOptions = {}): void {
    if (this.#interfaces === 0) this.addInterface()
    const { interface: number = 0 } = options
    if (!Number.isInteger(number) || number < 0 || number >= this.#interfaces) {
      throw new ArgumentError('options.interface', number, 'a number that addInterface gave')
    }
    this.#sink(enhancedPacket(packet instanceof Packet ? packet.build() : packet, number, options))
  }
}

/**
 * A whole pcapng file with one interface.
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs'
 * import { encodePcapng, packet } from '@millrace/testing'
 *
 * writeFileSync('trace.pcapng', encodePcapng([{ packet: packet().ethernet().arp(), comment: 'who has it?' }]))
 * ```
 */
export function encodePcapng(packets: Iterable<PcapngPacket>, description?: PcapngInterface): Uint8Array {
  const chunks: Uint8Array[] = []
  const writer = new PcapngWriter((chunk) => chunks.push(chunk))
  writer.addInterface(description)
  for (const { packet, ...options } of packets) writer.write(packet, options)
  return new Uint8Array(Buffer.concat(chunks))
}

function sectionHeader(): Uint8Array {
  const body = new DataView(new ArrayBuffer(16))
  body.setUint32(0, 0x1a2b3c4d, true)
  body.setUint16(4, 1, true)
  // The section's length is not known: it is written as it comes.
  body.setBigInt64(8, -1n, true)
  const application = 4
  return block(blockType.section, new Uint8Array(body.buffer), [[application, text('Millrace')]])
}

function interfaceDescription({ name, description, linkType = 'ethernet' }: PcapngInterface): Uint8Array {
  const body = new DataView(new ArrayBuffer(8))
  body.setUint16(0, linkTypes[linkType], true)
  const nanoseconds: BlockOption = [9, Uint8Array.of(9)]
  const names: [number, string | undefined][] = [
    [2, name],
    [3, description],
  ]
  return block(blockType.interface, new Uint8Array(body.buffer), [...textOptions(names), nanoseconds])
}

function enhancedPacket(packet: Uint8Array, interfaceNumber: number, options: PcapngPacketOptions): Uint8Array {
  const { timestamp = BigInt(Date.now()) * 1_000_000n, direction, verdict } = options
  const body = new Uint8Array(20 + packet.length)
  const view = new DataView(body.buffer)
  view.setUint32(0, interfaceNumber, true)
  view.setUint32(4, Number(BigInt.asUintN(32, timestamp >> 32n)), true)
  view.setUint32(8, Number(BigInt.asUintN(32, timestamp)), true)
  view.setUint32(12, packet.length, true)
  view.setUint32(16, options.originalLength ?? packet.length, true)
  body.set(packet, 20)
  const written = [...textOptions([[comment, options.comment]])]
  if (direction !== undefined) written.push([2, Uint8Array.of(direction === 'inbound' ? 1 : 2, 0, 0, 0)])
  if (verdict !== undefined) written.push([7, verdictOption(verdict)])
  return block(blockType.enhancedPacket, body, written)
}

function verdictOption({ hook, returnValue }: NonNullable<PcapngPacketOptions['verdict']>): Uint8Array {
  const bytes = new Uint8Array(9)
  bytes[0] = hook === 'tc' ? 1 : 2
  new DataView(bytes.buffer).setBigUint64(1, BigInt.asUintN(64, BigInt(returnValue)), true)
  return bytes
}

function textOptions(texts: readonly (readonly [code: number, value: string | undefined])[]): BlockOption[] {
  return texts.flatMap(([code, value]) => (value === undefined ? [] : [[code, text(value)] as const]))
}
