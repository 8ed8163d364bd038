import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { injector } from '../../test/injector.js'
import { IcmpType, Icmpv6Type } from './numbers.js'
import { type Packet, packet } from './packet.js'

let host: Awaited<ReturnType<typeof injector>>
beforeAll(async () => {
  host = await injector()
})
afterAll(() => host.close())

/** Counters of the receiving kernel, such as `Udp.InCsumErrors` and `Icmp6InEchos`. */
async function counters(): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await host.receiver.run('cat', ['/proc/net/snmp', '/proc/net/netstat', '/proc/net/snmp6'])
  const lines = stdout.split('\n')
  const result = new Map<string, number>()
  for (const [index, line] of lines.entries()) {
    const [group = '', ...names] = line.split(/\s+/)
    const values = lines[index + 1]?.split(/\s+/) ?? []
    if (!group.endsWith(':')) result.set(group, Number(names[0]))
    else if (Number.isNaN(Number(names[0])))
      for (const [at, name] of names.entries()) result.set(`${group.slice(0, -1)}.${name}`, Number(values[at + 1]))
  }
  return result
}

/** Sends a packet and waits until the kernel has counted it as told. */
async function expectCounted(sent: Packet, counter: string) {
  const before = (await counters()).get(counter)
  expect(before).toEqual(expect.any(Number))
  host.send(sent)
  await vi.waitFor(async () => expect((await counters()).get(counter)).toBe(Number(before) + 1), { timeout: 3000 })
}

const v4 = packet().ethernet().ipv4()
const v6 = packet().ethernet().ipv6()
const padding = { option: 'unknown', type: 30, data: new Uint8Array(5) } as const

describe('the kernel takes what was built', () => {
  it.each<[what: string, carrier: Packet]>([
    ['UDP over IPv4', v4.udp()],
    ['UDP without a checksum', v4.udp({ checksum: 0 })],
    [
      'UDP over IPv4 with options',
      packet()
        .ethernet()
        .ipv4({ options: [{ option: 'routerAlert', value: 0 }, { option: 'nop' }] })
        .udp(),
    ],
    ['UDP over IPv6', v6.udp()],
    ['UDP after hop-by-hop options', v6.hopByHop({ options: [{ option: 'routerAlert', value: 0 }] }).udp()],
    ['UDP after destination options', v6.destinationOptions({ options: [padding, { option: 'pad1' }] }).udp()],
    ['UDP after a fragment header of a whole packet', v6.fragment({ identification: 1 }).udp()],
    ['UDP after a segment routing header', v6.routing({ segments: ['2001:db8::2', '2001:db8::9'] }).udp()],
  ])('%s', async (what, carrier) => {
    host.send(carrier.payload(what).trailer('padding of a short frame'))
    await vi.waitFor(() => expect(host.received).toContain(what), { timeout: 3000 })
  })

  it.each([
    ['IPv4', 'Ip.ReasmReqds', v4],
    ['IPv6', 'Ip6ReasmReqds', v6.hopByHop()],
  ])('fragments of %s, which it puts together', async (version, counter, carrier) => {
    const text = `a datagram in three fragments over ${version}`
    const [first, second, third] = carrier.udp().payload(text).fragments(16)
    for (const it of [first, third]) await expectCounted(it ?? expect.unreachable(), counter)
    host.send(second ?? expect.unreachable())
    await vi.waitFor(() => expect(host.received).toContain(text), { timeout: 3000 })
  })

  it.each<[what: string, counter: string, Packet]>([
    ['a SYN', 'Tcp.OutSegs', v4.tcp({ syn: true, options: [{ option: 'mss', value: 1460 }] })],
    ['an echo request', 'Icmp.OutEchoReps', v4.icmp({ identifier: 1, sequence: 2 }).payload('odd')],
    ['an ICMP error', 'Icmp.InDestUnreachs', v4.icmp({ type: IcmpType.Unreachable, code: 3 }).ipv4().udp()],
    ['an ICMPv6 echo request', 'Icmp6OutEchoReplies', v6.icmpv6({ identifier: 1, sequence: 2 }).payload('odd')],
    ['a packet too big', 'Icmp6InPktTooBigs', v6.icmpv6({ type: Icmpv6Type.PacketTooBig, mtu: 1400 }).ipv6().udp()],
  ])('%s', (_what, counter, sent) => expectCounted(sent, counter))

  it('an ARP request and a neighbour solicitation, which teach it an address', async () => {
    host.send(packet().ethernet().arp({ senderMac: '02:00:00:00:77:04', senderAddress: '192.0.2.77' }))
    const learned = async () => (await host.receiver.run('ip', ['neighbour', 'show'])).stdout
    await vi.waitFor(async () => expect(await learned()).toContain('192.0.2.77 dev eth0 lladdr 02:00:00:00:77:04'))
    const solicitation = {
      type: Icmpv6Type.NeighborSolicitation,
      target: '2001:db8::2',
      linkLayerAddress: '02:00:00:00:77:06',
    }
    host.send(packet().ethernet().ipv6({ source: '2001:db8::77', hopLimit: 255 }).icmpv6(solicitation))
    await vi.waitFor(async () => expect(await learned()).toContain('2001:db8::77 dev eth0 lladdr 02:00:00:00:77:06'))
  })
})

describe('the kernel refuses a checksum that is wrong', () => {
  it.each<[what: string, counter: string, Packet]>([
    ['of IPv4', 'IpExt.InCsumErrors', packet().ethernet().ipv4({ checksum: 'wrong' }).udp()],
    ['of UDP', 'Udp.InCsumErrors', v4.udp({ checksum: 'wrong' })],
    ['of UDP over IPv6', 'Udp6InCsumErrors', v6.udp({ checksum: 'wrong' })],
    ['of TCP', 'Tcp.InCsumErrors', v4.tcp({ syn: true, checksum: 'wrong' })],
    ['of ICMP', 'Icmp.InCsumErrors', v4.icmp({ checksum: 'wrong' })],
    ['of ICMPv6', 'Icmp6InCsumErrors', v6.icmpv6({ checksum: 'wrong' })],
  ])('%s', (_what, counter, sent) => expectCounted(sent, counter))
})
