import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type Host, topology } from '@millrace/testing'

export const address = { a: '10.0.0.1', b: '10.0.0.2', c: '10.0.0.3', all: '10.0.0.255' } as const
const port = 9000

/** Three hosts, each on a port of a fourth that forwards nothing by itself. */
export async function makeHub() {
  const sysctls = { 'net.ipv6.conf.all.disable_ipv6': 1 }
  const leaf = (ip: string) => ({ interfaces: { eth0: { addresses: [`${ip}/24`] } }, sysctls })
  const net = await topology({
    hosts: {
      a: leaf(address.a),
      b: leaf(address.b),
      c: leaf(address.c),
      hub: { interfaces: { p0: {}, p1: {}, p2: {} }, sysctls },
    },
    links: [
      ['a:eth0', 'hub:p0'],
      ['b:eth0', 'hub:p1'],
      ['c:eth0', 'hub:p2'],
    ],
  })
  const { a, b, c } = net.hosts
  for (const from of [a, b, c]) {
    for (const to of [a, b, c]) if (from !== to) await meet(from, to)
  }
  return net
}

/** Nobody asks for addresses: a program that redirects a packet would have to redirect the question and the answer, too. */
async function meet(from: Host, to: Host<'eth0'>): Promise<void> {
  const { mac, addresses } = to.interface('eth0')
  const ip = addresses[0]?.split('/')[0] ?? ''
  await from.run('ip', ['neighbour', 'replace', ip, 'lladdr', mac, 'dev', 'eth0'])
}

/** What a host hears on the port, until the topology closes. */
export async function datagramsOf(host: Host): Promise<readonly string[]> {
  const heard: string[] = []
  const listener = host.spawn(process.execPath, ['-e', listening], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (listener.stdout === null) throw new Error('there is no output')
  const lines = createInterface({ input: listener.stdout })
  await once(lines, 'line')
  lines.on('line', (line) => heard.push(line))
  return heard
}

export async function sendDatagram(from: Host, to: string, text: string): Promise<void> {
  const { code, stderr } = await from.run(process.execPath, ['-e', sending, to, text])
  if (code !== 0) throw new Error(stderr)
}

/** Frames that eth0 has received. */
export async function framesReceived(host: Host): Promise<number> {
  const { stdout } = await host.run('cat', ['/proc/net/dev'])
  return Number(/eth0: *\d+ +(\d+)/.exec(stdout)?.[1])
}

const listening = `
  const socket = require('node:dgram').createSocket('udp4').bind(${port}, () => console.log('ready'))
  socket.on('message', (message) => console.log(message.toString()))`

const sending = `
  const socket = require('node:dgram').createSocket('udp4').bind(() => {
    socket.setBroadcast(true)
    socket.send(process.argv[2], ${port}, process.argv[1], (error) => {
      if (error) throw error
      socket.close()
    })
  })`
