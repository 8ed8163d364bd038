import { join } from 'node:path'
import type { Program } from '@millrace/core'
import { type Host, topology } from '@millrace/testing'
import { mountBpffs } from '../../packages/core/test/support/bpffs.js'

/**
 * Two hosts with a wire between them, for what a test run has not: VLAN tags beside the packet, and payload in pages. `mtu` is
 * large enough for datagrams that the kernel keeps in pages, and too large for XDP in native mode.
 */
export async function makeWire({ mtu = 60_000 } = {}) {
  const host = (address: string) => ({
    interfaces: { eth0: { addresses: [`${address}/24`], mtu } },
    // Nothing of its own accord: what comes in is what the test has sent.
    sysctls: { 'net.ipv6.conf.all.disable_ipv6': 1 },
  })
  const net = await topology({
    hosts: { client: host('10.9.0.1'), server: host('10.9.0.2') },
    links: [['client:eth0', 'server:eth0']],
  })
  const { client, server } = net.hosts
  // Instead of ARP, which would be traffic too.
  const know = (host: Host, address: string, { mac }: { mac: string }) =>
    command(host, 'ip', ['neighbour', 'add', address, 'lladdr', mac, 'dev', 'eth0'])
  await know(client, '10.9.0.2', server.interface('eth0'))
  await know(server, '10.9.0.1', client.interface('eth0'))
  const bpffs = mountBpffs()
  return {
    client,
    server,
    /** Runs a program over what comes in or goes out at a host's eth0; one at a time. */
    async attach(host: Host, direction: 'ingress' | 'egress', program: Program<'sched_cls'>): Promise<void> {
      const pin = join(bpffs.path, `${host.name}-${direction}`)
      program.pin(pin)
      await command(host, 'tc', ['qdisc', 'replace', 'dev', 'eth0', 'clsact'])
      const filter = ['filter', 'replace', 'dev', 'eth0', direction, 'pref', '1', 'handle', '1']
      await command(host, 'tc', [...filter, 'bpf', 'direct-action', 'object-pinned', pin])
      program.unpin(pin)
    },
    /** One UDP datagram from the client to the server. */
    async send(payload: number): Promise<void> {
      const send = `require('dgram').createSocket('udp4').send(Buffer.alloc(${payload}), 9, '10.9.0.2', () => process.exit())`
      await command(client, process.execPath, ['-e', send])
    },
    async close(): Promise<void> {
      await net.close()
      bpffs[Symbol.dispose]()
    },
  }
}

async function command(host: Host, name: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await host.run(name, args)
  if (code !== 0) throw new Error(`${name} ${args.join(' ')}: ${stderr}`)
}
