import { type Packet, packet } from '@millrace/testing'

const ethernet = packet().ethernet()
const ipv4 = ethernet.ipv4({ source: '10.0.0.1', destination: '10.0.0.2' })
const ipv6 = ethernet.ipv6({ source: '2001:db8::7', destination: '2001:db8::9' })
const bytes = (...values: number[]) => Uint8Array.from(values)

/** An authentication header (RFC 4302) of `words` 32-bit words of integrity check value, and 8 bytes of UDP behind it. */
const authenticated = (words: number) =>
  bytes(17, words + 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, ...Array(words * 4).fill(0xaa), 0, 1, 0, 2, 0, 8, 0, 0)

/**
 * Frames that parse, one for each way through the parsers. Cut anywhere, each is truncated: the length fields of IP and UDP
 * reach to the end of each.
 */
export const samples: Readonly<Record<string, Packet>> = {
  arp: ethernet.arp({
    operation: 1,
    senderMac: '02:00:00:00:00:0a',
    senderAddress: '10.0.0.1',
    targetAddress: '10.0.0.2',
  }),
  tcp: ipv4.tcp({ syn: true }),
  'tcp with payload': ipv4.tcp({ ack: true, psh: true }).payload('GET / HTTP/1.1'),
  'tcp with every option': ipv4.tcp({
    syn: true,
    options: [
      { option: 'mss', value: 1460 },
      { option: 'sackPermitted' },
      { option: 'timestamps', value: 0x01020304, echo: 0x05060708 },
      { option: 'nop' },
      { option: 'windowScale', shift: 7 },
    ],
  }),
  'tcp with 40 bytes of no-operation': ipv4.tcp({ options: [{ option: 'raw', data: new Uint8Array(40).fill(1) }] }),
  udp: ipv4.udp({ sourcePort: 53, destinationPort: 40000 }).payload('answer'),
  'udp without payload': ipv4.udp(),
  icmp: ipv4.icmp({ type: 8 }).payload('ping'),
  'icmp error': ipv4.icmp({ type: 3, code: 4 }).ipv4().udp().payload('quoted'),
  'ipv4 options': ethernet
    .ipv4({
      options: [
        { option: 'routerAlert', value: 0 },
        { option: 'nop' },
        { option: 'recordRoute', pointer: 4, addresses: ['0.0.0.0', '0.0.0.0'] },
      ],
    })
    .udp()
    .payload('optional'),
  'ipv4 of another protocol': ethernet.ipv4({ protocol: 47 }).payload('GRE'),
  'ipv4 first fragment': ethernet
    .ipv4({ identification: 0xbeef, moreFragments: true })
    .udp({ length: 3000 })
    .payload('x'),
  'ipv4 later fragment': ethernet.ipv4({ identification: 0xbeef, fragmentOffset: 1480, protocol: 17 }).payload('rest'),
  'ipv6 tcp': ipv6.tcp({ syn: true, options: [{ option: 'mss', value: 1440 }] }).payload('six'),
  'ipv6 udp': ipv6.udp().payload('six'),
  'ipv6 echo': ipv6.icmpv6({ type: 128 }).payload('ping'),
  'ipv6 extension headers': ipv6
    .hopByHop({ options: [{ option: 'routerAlert', value: 0 }] })
    .destinationOptions({ options: [{ option: 'padN', length: 12 }] })
    .routing({ segments: ['2001:db8::a', '2001:db8::b'], segmentsLeft: 1 })
    .udp()
    .payload('far behind'),
  'ipv6 first fragment': ipv6
    .hopByHop()
    .fragment({ identification: 0xdeadbeef, moreFragments: true })
    .tcp()
    .payload('x'),
  'ipv6 later fragment': ipv6
    .fragment({ identification: 0xdeadbeef, fragmentOffset: 1448, nextHeader: 6 })
    .payload('rest'),
  'ipv6 atomic fragment': ipv6.fragment({ identification: 7 }).udp().payload('whole'),
  'ipv6 authentication': ethernet.ipv6({ nextHeader: 51 }).payload(authenticated(3)),
  'ipv6 authentication of the least length': ethernet.ipv6({ nextHeader: 51 }).payload(authenticated(0)),
  'ipv6 encrypted': ethernet.ipv6({ nextHeader: 50 }).payload('ESP'),
  'ipv6 without next header': ethernet.ipv6({ nextHeader: 59 }),
  vlan: ethernet.vlan({ id: 100, priority: 5 }).ipv4().tcp(),
}

/** Eight extension headers, the most that are followed, and nine. */
export const deepest = [...Array(7)].reduce<Packet>((it) => it.destinationOptions(), ipv6.hopByHop()).udp()
export const tooDeep = [...Array(9)].reduce<Packet>((it) => it.destinationOptions(), ipv6).udp()

/** The frame with one more VLAN tag, the outermost. */
export function tagged(frame: Uint8Array): Uint8Array {
  return Uint8Array.from([...frame.subarray(0, 12), 0x81, 0x00, 0x00, 0x2a, ...frame.subarray(12)])
}
