import { MrStatus } from './generated/packet_xdp.bpf.js'

/** What `mr_parse` of millrace/packet.h must find, in one shape for both IP versions. */
export interface Summary {
  status: MrStatus
  length: number
  ethertype: number
  /** tag control information, the outermost tag first */
  vlans: readonly number[]
  version: number
  source: readonly number[]
  destination: readonly number[]
  protocol: number
  fragment: boolean
  laterFragment: boolean
  fragmentId: number
  hasPorts: boolean
  sourcePort: number
  destinationPort: number
  l3Offset: number
  l4Offset: number
  payloadOffset: number
  payloadLength: number
}

const none = [0, 0, 0, 0]
const isTag = (ethertype: number) => ethertype === 0x8100 || ethertype === 0x88a8
const isExtension = (protocol: number) => [0, 43, 44, 51, 60].includes(protocol)

/** Ends the parse from wherever it is. */
class Stop {
  constructor(readonly status: MrStatus) {}
}

/**
 * Parses a frame from the RFCs, without a look at the C: one reader that knows where the innermost length so far ends.
 */
export function parseReference(frame: Uint8Array): Summary {
  const summary: Summary = {
    status: MrStatus.Ok,
    length: frame.length,
    ethertype: 0,
    vlans: [],
    version: 0,
    source: none,
    destination: none,
    protocol: 0,
    fragment: false,
    laterFragment: false,
    fragmentId: 0,
    hasPorts: false,
    sourcePort: 0,
    destinationPort: 0,
    l3Offset: 0,
    l4Offset: 0,
    payloadOffset: 0,
    payloadLength: 0,
  }
  try {
    new Reader(frame, summary).ethernet()
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop
    summary.status = stop.status
  }
  return summary
}

class Reader {
  readonly #view: DataView
  readonly #found: Summary
  #at = 0
  #end: number

  constructor(frame: Uint8Array, found: Summary) {
    this.#view = new DataView(frame.buffer, frame.byteOffset, frame.length)
    this.#found = found
    this.#end = frame.length
  }

  ethernet(): void {
    const header = this.#skip(14)
    const found = this.#found
    found.ethertype = this.#u16(header + 12)
    while (isTag(found.ethertype)) {
      if (found.vlans.length === 2) throw new Stop(MrStatus.TooDeep)
      const tag = this.#skip(4)
      found.vlans = [...found.vlans, this.#u16(tag)]
      found.ethertype = this.#u16(tag + 2)
    }
    found.l3Offset = this.#at
    if (found.ethertype === 0x0800) this.#ipv4()
    if (found.ethertype === 0x86dd) this.#ipv6()
    found.l4Offset = this.#at
    if (found.version !== 0 && !found.laterFragment) this.#transport()
    found.payloadOffset = this.#at
    found.payloadLength = this.#end - this.#at
  }

  #ipv4(): void {
    const found = this.#found
    const header = this.#skip(20)
    const headerLength = (this.#u8(header) % 16) * 4
    const totalLength = this.#u16(header + 2)
    this.#demand(this.#u8(header) >> 4 === 4 && headerLength >= 20 && totalLength >= headerLength)
    this.#endAt(header + totalLength)
    this.#skip(headerLength - 20)
    found.version = 4
    found.source = [this.#u32(header + 12), 0, 0, 0]
    found.destination = [this.#u32(header + 16), 0, 0, 0]
    found.protocol = this.#u8(header + 9)
    const offset = this.#u16(header + 6) % 0x2000
    this.#fragment(offset > 0, this.#u16(header + 6) % 0x4000 >= 0x2000, this.#u16(header + 4))
  }

  #ipv6(): void {
    const found = this.#found
    const header = this.#skip(40)
    this.#demand(this.#u8(header) >> 4 === 6)
    this.#endAt(header + 40 + this.#u16(header + 4))
    found.version = 6
    found.source = [8, 12, 16, 20].map((offset) => this.#u32(header + offset))
    found.destination = [24, 28, 32, 36].map((offset) => this.#u32(header + offset))
    found.protocol = this.#u8(header + 6)
    this.#extensions()
  }

  #extensions(): void {
    const found = this.#found
    let fragment: { readonly later: boolean; readonly more: boolean; readonly id: number } | undefined
    for (let count = 0; isExtension(found.protocol) && !fragment?.later; count++) {
      if (count === 8) throw new Stop(MrStatus.TooDeep)
      const kind = found.protocol
      this.#demand(kind !== 0 || count === 0)
      const header = this.#skip(8)
      const length = this.#u8(header + 1)
      if (kind === 44) {
        this.#demand(fragment === undefined)
        const field = this.#u16(header + 2)
        fragment = { later: field >= 8, more: field % 2 === 1, id: this.#u32(header + 4) }
      } else if (kind === 51) {
        this.#demand(length >= 1)
        found.protocol = this.#u8(header)
        this.#skip((length + 2) * 4 - 8)
      } else {
        found.protocol = this.#u8(header)
        this.#skip(length * 8)
      }
      found.protocol = this.#u8(header)
    }
    if (fragment) this.#fragment(fragment.later, fragment.more, fragment.id)
  }

  #fragment(later: boolean, more: boolean, id: number): void {
    if (!later && !more) return
    this.#found.fragment = true
    this.#found.laterFragment = later
    this.#found.fragmentId = id
  }

  #transport(): void {
    const { protocol, version } = this.#found
    if (protocol === 6) this.#tcp()
    if (protocol === 17) this.#udp()
    if ((protocol === 1 && version === 4) || (protocol === 58 && version === 6)) this.#skip(8)
  }

  #tcp(): void {
    const header = this.#skip(20)
    const headerLength = (this.#u8(header + 12) >> 4) * 4
    this.#demand(headerLength >= 20)
    this.#skip(headerLength - 20)
    this.#ports(header)
  }

  #udp(): void {
    const header = this.#skip(8)
    const length = this.#u16(header + 4)
    this.#demand(length >= 8)
    this.#ports(header)
    if (!this.#found.fragment) this.#endAt(header + length)
  }

  #ports(header: number): void {
    this.#found.hasPorts = true
    this.#found.sourcePort = this.#u16(header)
    this.#found.destinationPort = this.#u16(header + 2)
  }

  /** Returns where the skipped bytes begin. */
  #skip(bytes: number): number {
    if (this.#at + bytes > this.#end) throw new Stop(MrStatus.Truncated)
    this.#at += bytes
    return this.#at - bytes
  }

  #endAt(end: number): void {
    if (end > this.#end) throw new Stop(MrStatus.Truncated)
    this.#end = end
  }

  #demand(holds: boolean): void {
    if (!holds) throw new Stop(MrStatus.Malformed)
  }

  #u8(offset: number): number {
    return this.#view.getUint8(offset)
  }

  #u16(offset: number): number {
    return this.#view.getUint16(offset)
  }

  #u32(offset: number): number {
    return this.#view.getUint32(offset)
  }
}
