import { loadSync } from '@millrace/core'
import { attachXdp } from '@millrace/xdp'
import type { Packet } from '../src/index.js'
import { topology } from '../src/index.js'
import { inject } from './generated/inject.bpf.js'

/** Sends a datagram for each line it reads, longer than all packets: there may be no room for making it longer. */
const trigger = `
  const datagram = Buffer.alloc(1200)
  const socket = require('node:dgram').createSocket('udp4')
  require('node:readline').createInterface({ input: process.stdin }).on('line', () => socket.send(datagram, 7777, '10.9.0.1'))
`

/** Prints what it gets on UDP port 9, IPv4 and IPv6, and listens on TCP port 80. */
const receive = `
  const print = (message) => console.log(String(message))
  for (const [type, address] of [['udp4', '192.0.2.2'], ['udp6', '2001:db8::2']])
    require('node:dgram').createSocket(type).on('message', print).bind(9, address, () => print('bound'))
  require('node:net').createServer().listen(80, '192.0.2.2', () => print('bound'))
`

/**
 * A host whose kernel gets packets exactly as they were built. It has the destination addresses that the builder takes unless told,
 * listens on the ports that it takes unless told, and is entered by segment routing.
 */
export async function injector() {
  const net = await topology({
    hosts: {
      trigger: { interfaces: { eth0: { addresses: ['10.9.0.2/24'] } } },
      injector: {
        interfaces: {
          in0: { addresses: ['10.9.0.1/24'] },
          out0: { addresses: ['192.0.2.1/24', '2001:db8::1/64'], mac: '02:00:00:00:00:01' },
        },
      },
      receiver: {
        interfaces: { eth0: { addresses: ['192.0.2.2/24', '2001:db8::2/64'], mac: '02:00:00:00:00:02' } },
        sysctls: { 'net.ipv6.conf.all.seg6_enabled': 1, 'net.ipv6.conf.eth0.seg6_enabled': 1 },
      },
    },
    links: [
      ['trigger:eth0', 'injector:in0'],
      ['injector:out0', 'receiver:eth0'],
    ],
  })
  const { hosts } = net
  const object = loadSync(inject, { constants: { outIfindex: hosts.injector.interface('out0').ifindex } })
  const attachments = [
    attachXdp(object.programs.inject, 'in0', { netns: hosts.injector.netns, mode: 'native' }),
    attachXdp(object.programs.take, 'eth0', { netns: hosts.receiver.netns, mode: 'native' }),
  ]
  const received: string[] = []
  const receiver = hosts.receiver.spawn(process.execPath, ['-e', receive])
  receiver.stdout?.setEncoding('utf8').on('data', (text: string) => received.push(...text.trim().split('\n')))
  while (received.length < 3) await new Promise((resolve) => receiver.stdout?.once('data', resolve))
  const sender = hosts.trigger.spawn(process.execPath, ['-e', trigger])

  return {
    receiver: hosts.receiver,
    /** what programs received on UDP port 9, and "bound" three times before it */
    received: received as readonly string[],
    send(packet: Packet) {
      const bytes = new Uint8Array(1024)
      const built = packet.build()
      bytes.set(built)
      object.maps.frames.set(0, { length: built.length, bytes })
      sender.stdin?.write('\n')
    },
    async close() {
      for (const it of attachments) it[Symbol.dispose]()
      object[Symbol.dispose]()
      await net.close()
    },
  }
}
