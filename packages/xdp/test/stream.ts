import type { Host } from '@millrace/testing'
import { FAR } from './network.js'

/** Sends datagrams for as many milliseconds as its argument says, and prints how many it sent. */
const sender = `
  const socket = require('node:dgram').createSocket('udp4')
  let sent = 0
  const timer = setInterval(() => {
    for (let i = 0; i < 20; i++) socket.send('x', 9000, '${FAR}', (error) => { if (!error) sent++ })
  }, 2)
  setTimeout(() => {
    clearInterval(timer)
    setTimeout(() => { console.log(sent); process.exit() }, 50)
  }, Number(process.argv[1]))
`

/** Sends a stream of datagrams, and resolves to how many when it is over. */
export async function stream(from: Host, to: Host, milliseconds: number): Promise<number> {
  // A program that drops everything drops ARP, too.
  const neighbour = ['neighbour', 'replace', FAR, 'lladdr', to.interface('eth0').mac, 'dev', 'eth0']
  await from.run('ip', neighbour)
  const { stdout } = await from.run(process.execPath, ['-e', sender, String(milliseconds)])
  return Number(stdout)
}

/** Frames that eth0 has received, and IP packets that went on to the stack. */
export async function received(host: Host): Promise<{ frames: number; packets: number }> {
  // The link /proc/net leads to the network namespace of whoever follows it.
  const { stdout } = await host.run('cat', ['/proc/net/dev', '/proc/net/snmp'])
  const frames = /eth0: *\d+ +(\d+)/.exec(stdout)?.[1]
  // Ip: Forwarding DefaultTTL InReceives ...
  const packets = /^Ip: \d+ \d+ (\d+)/m.exec(stdout)?.[1]
  return { frames: Number(frames), packets: Number(packets) }
}
