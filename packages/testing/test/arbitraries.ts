import fc from 'fast-check'
import { type Ipv4Option, type Ipv6Option, type Packet, packet, type TcpOption } from '../src/index.js'

const u = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })
const bytes = (maxLength: number, minLength = 0) => fc.uint8Array({ minLength, maxLength })
const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

const mac = hex(6).map((it) => Array.from(it, (byte) => byte.toString(16).padStart(2, '0')).join(':'))
const ipv4 = fc.ipV4()
/** As RFC 5952 has it, by the URL parser: not the code under test. */
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), u(16)), { minLength: 8, maxLength: 8 })
  .map((words) => new URL(`http://[${words.map((it) => it.toString(16)).join(':')}]`).hostname.slice(1, -1))

const fields = <T extends Record<string, fc.Arbitrary<unknown>>>(model: T) => fc.record(model, { requiredKeys: [] })

const tcpOptions: fc.Arbitrary<readonly TcpOption[]> = fc.array(
  fc.oneof(
    fc.constant({ option: 'nop' } as const),
    fc.record({ option: fc.constant('mss' as const), value: u(16) }),
    fc.record({ option: fc.constant('windowScale' as const), shift: u(8) }),
    fc.constant({ option: 'sackPermitted' } as const),
    fc.record({ option: fc.constant('sack' as const), blocks: fc.array(fc.tuple(u(32), u(32)), { maxLength: 1 }) }),
    fc.record({ option: fc.constant('timestamps' as const), value: u(32), echo: u(32) }),
    fc.record({ option: fc.constant('fastOpen' as const), cookie: bytes(8) }),
    fc.record({ option: fc.constant('unknown' as const), kind: fc.integer({ min: 100, max: 255 }), data: bytes(8) }),
  ),
  { maxLength: 4 },
)

const ipv4Options: fc.Arbitrary<readonly Ipv4Option[]> = fc.array(
  fc.oneof(
    fc.constant({ option: 'nop' } as const),
    fc.record({ option: fc.constant('routerAlert' as const), value: u(16) }),
    fc.record({
      option: fc.constantFrom('recordRoute', 'looseSourceRoute', 'strictSourceRoute'),
      pointer: u(8),
      addresses: fc.array(ipv4, { maxLength: 2 }),
    }),
    fc.record({ option: fc.constant('unknown' as const), type: fc.integer({ min: 20, max: 120 }), data: bytes(8) }),
  ),
  { maxLength: 3 },
)

const ipv6Options: fc.Arbitrary<readonly Ipv6Option[]> = fc.array(
  fc.oneof(
    fc.constant({ option: 'pad1' } as const),
    fc.record({ option: fc.constant('padN' as const), length: fc.integer({ min: 0, max: 9 }) }),
    fc.record({ option: fc.constant('routerAlert' as const), value: u(16) }),
    fc.record({ option: fc.constant('jumboPayload' as const), length: u(32) }),
    fc.record({ option: fc.constant('unknown' as const), type: fc.integer({ min: 20, max: 120 }), data: bytes(20) }),
  ),
  { maxLength: 4 },
)

type Step = (before: Packet) => Packet
const step = <F>(model: fc.Arbitrary<F>, apply: (before: Packet, given: F) => Packet): fc.Arbitrary<Step> =>
  model.map((given) => (before) => apply(before, given))

const link = fc.tuple(
  step(fields({ source: mac, destination: mac }), (it, given) => it.ethernet(given)),
  fc.array(
    step(fields({ id: u(12), priority: u(3), dropEligible: fc.boolean() }), (it, given) => it.vlan(given)),
    { maxLength: 2 },
  ),
)

const content = step(bytes(40, 1), (it, given) => it.payload(given))
const flag = fc.boolean()
const tcp = step(
  fields({
    ...{ sourcePort: u(16), destinationPort: u(16), sequence: u(32), acknowledgement: u(32), window: u(16) },
    ...{ cwr: flag, ece: flag, urg: flag, ack: flag, psh: flag, rst: flag, syn: flag, fin: flag },
    ...{ urgentPointer: u(16), reserved: u(4), options: tcpOptions },
  }),
  (it, given) => it.tcp(given),
)
const udp = step(fields({ sourcePort: u(16), destinationPort: u(16) }), (it, given) => it.udp(given))
const ipv4Header = step(
  fields({
    ...{ source: ipv4, destination: ipv4, ttl: u(8), dscp: u(6), ecn: u(2), identification: u(16) },
    ...{ dontFragment: flag, reserved: flag, options: ipv4Options },
  }),
  (it, given) => it.ipv4(given),
)
const ipv6Header = step(
  fields({ source: ipv6, destination: ipv6, hopLimit: u(8), dscp: u(6), ecn: u(2), flowLabel: u(20) }),
  (it, given) => it.ipv6(given),
)
const extensions = fc.array(
  fc.oneof(
    step(fields({ options: ipv6Options }), (it, given) => it.hopByHop(given)),
    step(fields({ options: ipv6Options }), (it, given) => it.destinationOptions(given)),
    step(
      fc.record({
        segments: fc.array(ipv6, { minLength: 1, maxLength: 3 }),
        segmentsLeft: u(1),
        flags: u(8),
        tag: u(16),
      }),
      (it, given) => it.routing(given),
    ),
    step(fields({ identification: u(32) }), (it, given) => it.fragment(given)),
  ),
  { maxLength: 3 },
)

const echo = { identifier: u(16), sequence: u(16) }
const icmpQuery = step(fc.record({ type: fc.constantFrom(0, 8), ...echo }), (it, given) => it.icmp(given))
const icmpError = step(
  fc.oneof(
    fc.record({ type: fc.constant(3), code: fc.constant(4), mtu: u(16) }),
    fc.record({ type: fc.constant(5), gateway: ipv4 }),
    fc.record({ type: fc.constant(12), pointer: u(8) }),
    fc.record({ type: fc.constant(11), code: u(1) }),
  ),
  (it, given) => it.icmp(given),
)
const icmpv6Query = step(fc.record({ type: fc.constantFrom(128, 129), ...echo }), (it, given) => it.icmpv6(given))
const icmpv6Error = step(
  fc.oneof(
    fc.record({ type: fc.constant(2), mtu: u(32) }),
    fc.record({ type: fc.constant(4), pointer: u(32) }),
    fc.record({ type: fc.constant(1), code: u(3) }),
  ),
  (it, given) => it.icmpv6(given),
)
const neighbour = step(
  fc.record({ type: fc.constantFrom(135, 136), target: ipv6, linkLayerAddress: mac, rest: u(32) }),
  (it, given) => it.icmpv6(given),
)

const arp = step(
  fields({ operation: u(16), senderMac: mac, senderAddress: ipv4, targetMac: mac, targetAddress: ipv4 }),
  (it, given) => it.arp(given),
)

const optional = (it: fc.Arbitrary<Step>) => fc.array(it, { maxLength: 1 })
const steps = (...parts: readonly fc.Arbitrary<Step | readonly Step[]>[]) => fc.tuple(...parts).map((it) => it.flat())
const transport = fc.oneof(steps(tcp, optional(content)), steps(udp, optional(content)))
const overIpv4 = fc.oneof(transport, steps(icmpQuery, optional(content)), steps(icmpError, ipv4Header, transport))
const overIpv6 = fc.oneof(
  transport,
  steps(icmpv6Query, optional(content)),
  steps(icmpv6Error, ipv6Header, transport),
  steps(neighbour),
)
const tunnel = fc.oneof(ipv4Header, ipv6Header)
const network = fc.oneof(
  steps(arp),
  steps(ipv4Header, overIpv4),
  steps(ipv6Header, extensions, overIpv6),
  steps(tunnel, ipv4Header, overIpv4),
  steps(tunnel, ipv6Header, extensions, overIpv6),
)

/** Well-formed packets of every kind that the builder knows, with values of every width. */
export const packets: fc.Arbitrary<Packet> = fc
  .tuple(link, network, optional(step(bytes(20, 1), (it, given) => it.trailer(given))))
  .map((it) => it.flat(3).reduce((before, next) => next(before), packet()))
