import { getIpv4, getIpv6 } from '../address/index.js'
import { Packet } from '../packet/index.js'
import type { TestableProgram } from './test-run.js'
import { type Action, actionOf } from './verdicts.js'

/** How far a flow dissector is asked to look. */
export interface FlowDissectorOptions {
  /** also into the first of several fragments; default false */
  readonly parseFirstFragment?: boolean | undefined
  /** not beyond an IPv6 header with a flow label; default false */
  readonly stopAtFlowLabel?: boolean | undefined
  /** not into a tunnel; default false */
  readonly stopAtEncapsulation?: boolean | undefined
  /** runs, for measuring; default 1 */
  readonly repeat?: number | undefined
}

/** What a flow dissector has found: `struct bpf_flow_keys`, with numbers in host byte order. */
export interface FlowKeys {
  /** bytes from the start of the frame to the IP header */
  readonly networkOffset: number
  /** bytes from the start of the frame to the header behind it */
  readonly transportOffset: number
  /** undefined: the program has set no addresses */
  readonly source: string | undefined
  readonly destination: string | undefined
  /** 0: none */
  readonly sourcePort: number
  readonly destinationPort: number
  /** IPPROTO_* */
  readonly protocol: number
  /** ETH_P_* */
  readonly ethertype: number
  readonly fragment: boolean
  readonly firstFragment: boolean
  /** there is a tunnel */
  readonly encapsulated: boolean
  /** of IPv6 */
  readonly flowLabel: number
}

/** What came of {@link testFlowDissector}. */
export interface FlowDissectorResult {
  readonly action: Action<'flow_dissector'>
  readonly returnValue: number
  readonly keys: FlowKeys
  /** nanoseconds a run, the kernel's mean */
  readonly durationNs: number
}

// Offsets in struct bpf_flow_keys of linux/bpf.h, in the byte order of the host but for n_proto, ports, addresses and label.
const at = {
  networkOffset: 0,
  transportOffset: 2,
  protocolOfAddresses: 4,
  fragment: 6,
  firstFragment: 7,
  encapsulated: 8,
  protocol: 9,
  ethertype: 10,
  sourcePort: 12,
  destinationPort: 14,
  addresses: 16,
  flags: 48,
  flowLabel: 52,
}
const size = 56
/** BPF_FLOW_DISSECTOR_F_* */
const flag = { parseFirstFragment: 1, stopAtFlowLabel: 2, stopAtEncapsulation: 4 } as const
const IPV4 = 0x0800
const IPV6 = 0x86dd

/**
 * Runs a flow dissector over a packet, in the kernel and without any network, and says what flow it found. The kernel shows it the
 * linear part of the frame, as drivers do.
 *
 * @throws what `program.testRun` throws
 * @kernel 5.5
 * @example
 * ```ts
 * import { packet, type TestableProgram, testFlowDissector } from '@millrace/testing'
 *
 * function check(program: TestableProgram<'flow_dissector'>) {
 *   const { action, keys } = testFlowDissector(program, packet().ethernet().ipv4().udp({ destinationPort: 53 }))
 *   console.log(action, keys.source, keys.destinationPort)
 * }
 * ```
 */
export function testFlowDissector(
  program: TestableProgram<'flow_dissector'>,
  packet: Packet | Uint8Array,
  options: FlowDissectorOptions = {},
): FlowDissectorResult {
  const data = packet instanceof Packet ? packet.build() : packet
  const {
    returnValue,
    data: keys,
    durationNs,
  } = program.testRun({
    data,
    context: encodeFlags(options),
    repeat: options.repeat,
  })
  return { action: actionOf('flow_dissector', returnValue), returnValue, keys: decodeKeys(keys), durationNs }
}

function encodeFlags(options: FlowDissectorOptions): Uint8Array {
  const context = new Uint8Array(size)
  const names = Object.keys(flag) as (keyof typeof flag)[]
  const flags = names.reduce((sum, name) => sum + (options[name] === true ? flag[name] : 0), 0)
  new DataView(context.buffer).setUint32(at.flags, flags, true)
  return context
}

function decodeKeys(bytes: Uint8Array): FlowKeys {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const [source, destination] = decodeAddresses(bytes, view.getUint16(at.protocolOfAddresses, true))
  return {
    networkOffset: view.getUint16(at.networkOffset, true),
    transportOffset: view.getUint16(at.transportOffset, true),
    source,
    destination,
    sourcePort: view.getUint16(at.sourcePort),
    destinationPort: view.getUint16(at.destinationPort),
    protocol: view.getUint8(at.protocol),
    ethertype: view.getUint16(at.ethertype),
    fragment: view.getUint8(at.fragment) !== 0,
    firstFragment: view.getUint8(at.firstFragment) !== 0,
    encapsulated: view.getUint8(at.encapsulated) !== 0,
    flowLabel: view.getUint32(at.flowLabel),
  }
}

function decodeAddresses(bytes: Uint8Array, protocol: number): [string | undefined, string | undefined] {
  if (protocol === IPV4) return [getIpv4(bytes, at.addresses), getIpv4(bytes, at.addresses + 4)]
  if (protocol === IPV6) return [getIpv6(bytes, at.addresses), getIpv6(bytes, at.addresses + 16)]
  return [undefined, undefined]
}
