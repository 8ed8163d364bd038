import { loadSync } from '@millrace/core'
import { headersTc } from './generated/headers_tc.bpf.js'
import { type Headers, headersXdp } from './generated/headers_xdp.bpf.js'
import { packetTc } from './generated/packet_tc.bpf.js'
import { type Parsed, packetXdp } from './generated/packet_xdp.bpf.js'
import type { Summary } from './packet-reference.js'

/** Bits of mr_packet.flags in millrace/packet.h. */
const flag = { fragment: 1, laterFragment: 2, ports: 4 }

/** What `loadSync` makes of headers.h and packet.h, whichever hook they were compiled for. */
interface Loaded<Program extends string, Map extends string, Value> {
  readonly programs: Readonly<Record<Program, Runnable>>
  readonly maps: Readonly<Record<Map, { get(index: number): Value | undefined }>>
  close(): void
}

interface Runnable {
  testRun(options: { readonly data: Uint8Array; readonly dataOutSize: number }): { readonly returnValue: number }
}

/** The test programs of one hook. */
export class Hook {
  constructor(
    readonly name: string,
    /** the hook's numbers for MR_PASS and MR_DROP */
    readonly verdicts: { readonly pass: number; readonly drop: number },
    readonly headers: Loaded<'walk', 'found', Headers>,
    readonly packet: Loaded<'parse' | 'firstPayloadByte', 'results', Parsed>,
  ) {}

  /**
   * The shortest cut of a frame that the kernel test-runs a program over, in bytes. XDP wants an Ethernet header. So does tc,
   * and behind an EtherType of IP the fixed IP header too: cuts inside that one are tried with a VLAN tag in between.
   */
  least(frame: Uint8Array): number {
    if (this.name === 'xdp') return 14
    const ethertype = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0)
    return 14 + (ethertype === 0x0800 ? 20 : ethertype === 0x86dd ? 40 : 0)
  }

  /** headers.h: every header on its own. */
  walk(frame: Uint8Array): Headers & { readonly verdict: number } {
    const verdict = run(this.headers.programs.walk, frame)
    return { verdict, ...only(this.headers.maps.found) }
  }

  /** packet.h: `mr_parse`. */
  parse(frame: Uint8Array): Summary & { readonly verdict: number } {
    const verdict = run(this.packet.programs.parse, frame)
    return { verdict, ...summarize(only(this.packet.maps.results)) }
  }

  /** packet.h: the byte at payload_offset, found again by `mr_at`. */
  firstPayloadByte(frame: Uint8Array): number {
    return run(this.packet.programs.firstPayloadByte, frame)
  }

  close(): void {
    this.headers.close()
    this.packet.close()
  }
}

export function loadHooks(): readonly Hook[] {
  return [
    new Hook('xdp', { pass: 2, drop: 1 }, loadSync(headersXdp), loadSync(packetXdp)),
    new Hook('tc', { pass: 0, drop: 2 }, loadSync(headersTc), loadSync(packetTc)),
  ]
}

function run(program: Runnable, data: Uint8Array): number {
  return program.testRun({ data, dataOutSize: 0 }).returnValue
}

function only<T>(map: { get(index: number): T | undefined }): T {
  const value = map.get(0)
  if (value === undefined) throw new Error('an array map has every index')
  return value
}

function summarize({ status, packet }: Parsed): Summary {
  return {
    status,
    length: packet.length,
    ethertype: packet.ethertype,
    vlans: packet.vlans.tci.slice(0, packet.vlans.count),
    version: packet.version,
    source: packet.source.words ?? [],
    destination: packet.destination.words ?? [],
    protocol: packet.protocol,
    fragment: (packet.flags & flag.fragment) !== 0,
    laterFragment: (packet.flags & flag.laterFragment) !== 0,
    fragmentId: packet.fragmentId,
    hasPorts: (packet.flags & flag.ports) !== 0,
    sourcePort: packet.sourcePort,
    destinationPort: packet.destinationPort,
    l3Offset: packet.l3Offset,
    l4Offset: packet.l4Offset,
    payloadOffset: packet.payloadOffset,
    payloadLength: packet.payloadLength,
  }
}
