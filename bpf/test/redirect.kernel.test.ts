import { once } from 'node:events'
import { load, type Program } from '@millrace/core'
import { attachTc } from '@millrace/tc'
import { type Host, topology } from '@millrace/testing'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { redirectTc } from './generated/redirect_tc.bpf.js'

const PORT = 9000
const FAR = { ipv4: '10.2.0.1', ipv6: 'fd00:2::1' }
/** An address of far's to which the gateway has no route. */
const HIDDEN = '198.51.100.7'

const network = await topology({
  hosts: {
    near: {
      interfaces: { eth0: { addresses: ['10.1.0.1/24', 'fd00:1::1/64'] } },
      routes: [
        { to: 'default', via: '10.1.0.254' },
        { to: 'default', via: 'fd00:1::254' },
      ],
    },
    // It forwards nothing by itself.
    gateway: {
      interfaces: {
        in0: { addresses: ['10.1.0.254/24', 'fd00:1::254/64'] },
        out0: { addresses: ['10.2.0.254/24', 'fd00:2::254/64'] },
      },
    },
    far: {
      interfaces: { eth0: { addresses: [`${FAR.ipv4}/24`, `${FAR.ipv6}/64`] } },
      sysctls: {
        // Answers find no way back, so that datagrams from elsewhere must not be checked for one.
        'net.ipv4.conf.all.rp_filter': 0,
        'net.ipv4.conf.eth0.rp_filter': 0,
        // Asked for the hidden address, it does not answer.
        'net.ipv4.conf.all.arp_ignore': 1,
      },
    },
  },
  links: [
    ['near:eth0', 'gateway:in0'],
    ['gateway:out0', 'far:eth0'],
  ],
})
const { near, gateway, far } = network.hosts
await far.run('ip', ['address', 'add', `${HIDDEN}/32`, 'dev', 'lo'])

const object = await load(redirectTc, {
  constants: {
    targetIfindex: gateway.interface('out0').ifindex,
    nextHopIpv4: FAR.ipv4,
    nextHopIpv6: FAR.ipv6,
  },
})
const { redirect, redirectPeer, redirectNeighbour, redirectNeighbourIpv4, redirectNeighbourIpv6 } = object.programs

/** Prints what each datagram says, of both families. */
const receive = `
  const socket = require('node:dgram').createSocket('udp6')
  socket.on('message', (message) => console.log(String(message)))
  socket.bind(${PORT}, () => console.log('listening'))`
const receiver = far.spawn(process.execPath, ['-e', receive], { stdio: ['ignore', 'pipe', 'inherit'] })
let heard = ''
receiver.stdout?.on('data', (data) => {
  heard += data
})
if (receiver.stdout !== null) await once(receiver.stdout, 'data')

afterAll(async () => {
  object.close()
  await network.close()
})

async function send(text: string, address: string): Promise<void> {
  const script = `
    const socket = require('node:dgram').createSocket('${address.includes(':') ? 'udp6' : 'udp4'}')
    socket.send('${text}', ${PORT}, '${address}', (error) => { if (error) throw error; socket.close() })`
  expect((await near.run(process.execPath, ['-e', script])).code).toBe(0)
}

/** Frames that an interface has received and sent. */
async function frames(host: Host, name: string): Promise<{ received: number; sent: number }> {
  const { stdout } = await host.run('ip', ['-json', '-statistics', 'link', 'show', 'dev', name])
  const [{ stats64 }] = JSON.parse(stdout)
  return { received: stats64.rx.packets, sent: stats64.tx.packets }
}

const attach = (program: Program<'sched_cls'>, mechanism: 'tcx' | 'clsact') =>
  attachTc(program, 'in0', { netns: gateway.netns, direction: 'ingress', mechanism })

it('has a gateway that forwards nothing by itself', async () => {
  const before = await frames(gateway, 'in0')
  await send('by itself', FAR.ipv4)
  await vi.waitFor(async () => expect((await frames(gateway, 'in0')).received).toBeGreaterThan(before.received), 10_000)
  expect(heard).not.toContain('by itself')
})

describe.each(['tcx', 'clsact'] as const)('on %s', (mechanism) => {
  it('mr_redirect sends the frame as it is, addressed to the gateway, which far does not take', async () => {
    using _attachment = attach(redirect, mechanism)
    const before = await frames(far, 'eth0')
    await send(`${mechanism} as it is`, FAR.ipv4)
    await vi.waitFor(async () => expect((await frames(far, 'eth0')).received).toBeGreaterThan(before.received), 10_000)
    expect(heard).not.toContain(`${mechanism} as it is`)
  })

  it('mr_redirect_peer hands the packet to far, and nothing leaves the gateway', async () => {
    using _attachment = attach(redirectPeer, mechanism)
    // Whatever the kernels say to each other by themselves is no datagram: enough of these tell the difference.
    const before = await frames(gateway, 'out0')
    for (let i = 0; i < 10; i++) await send(`${mechanism} to peer ${i}.`, FAR.ipv4)
    await vi.waitFor(() => expect(heard).toContain(`${mechanism} to peer 9.`), 10_000)
    expect((await frames(gateway, 'out0')).sent - before.sent).toBeLessThan(10)
  })

  it.each([
    ['mr_redirect_neighbour', redirectNeighbour, FAR.ipv4],
    ['mr_redirect_neighbour', redirectNeighbour, FAR.ipv6],
    ['mr_redirect_neighbour_ipv4', redirectNeighbourIpv4, HIDDEN],
    ['mr_redirect_neighbour_ipv6', redirectNeighbourIpv6, HIDDEN],
    ['mr_redirect_neighbour_ipv6', redirectNeighbourIpv6, FAR.ipv6],
  ] as const)('%s finds the neighbour, for a packet to $2', async (name, program, address) => {
    using _attachment = attach(program, mechanism)
    const before = await frames(gateway, 'out0')
    const text = `${mechanism} by ${name} to ${address}.`
    await send(text, address)
    await vi.waitFor(() => expect(heard).toContain(text), 10_000)
    expect((await frames(gateway, 'out0')).sent).toBeGreaterThan(before.sent)
  })
})

it('mr_redirect_neighbour takes the destination for a neighbour where the gateway has no route', async () => {
  using _attachment = attach(redirectNeighbour, 'tcx')
  const before = await frames(gateway, 'in0')
  await send('no route', HIDDEN)
  await send('a route', FAR.ipv4)
  await vi.waitFor(() => expect(heard).toContain('a route'), 10_000)
  expect((await frames(gateway, 'in0')).received).toBeGreaterThan(before.received)
  expect(heard).not.toContain('no route')
})
