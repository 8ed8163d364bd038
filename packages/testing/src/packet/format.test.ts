import { expect, it } from 'vitest'
import { formatPacket } from './format.js'
import { packet } from './packet.js'

it('a packet is printed a line a layer, without what is unset', () => {
  const built = packet()
    .ethernet()
    .vlan({ id: 5 })
    .ipv4({ options: [{ option: 'routerAlert', value: 0 }] })
    .tcp({ syn: true, ack: true, options: [{ option: 'sack', blocks: [[1, 2]] }], checksum: 'wrong' })
    .payload(Uint8Array.of(1, 2, 3))
  expect(formatPacket(built.build())).toBe(
    `
ethernet  02:00:00:00:00:01 > 02:00:00:00:00:02, type 0x8100
vlan      id 5, type 0x0800
ipv4      192.0.2.1 > 192.0.2.2, protocol 6, ttl 64, options [routerAlert value 0], version 4, headerLength 24, totalLength 59, checksum 0x61b5
tcp       40000 > 80, ack, syn, window 65535, options [sack blocks [[1, 2]]], headerLength 32, checksum 0x4414 (wrong)
payload   3 bytes 010203`.trimStart(),
  )
  expect(String(built)).toBe(formatPacket(built.build()))
})

it('a packet that is cut off says so', () => {
  expect(formatPacket(packet().ipv6().tcp().build().subarray(0, 50), { from: 'ip' })).toBe(
    `
ipv6     2001:db8::1 > 2001:db8::2, nextHeader 6, hopLimit 64, version 6, payloadLength 20
payload  10 bytes 9c400050000000000000
(truncated)`.trimStart(),
  )
})

it('a long payload is shown in part', () => {
  expect(String(packet().ethernet().payload('y'.repeat(33)))).toContain(`payload   33 bytes "${'y'.repeat(32)}"...`)
})
