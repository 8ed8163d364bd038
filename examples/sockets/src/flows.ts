import { setTimeout as sleep } from 'node:timers/promises'
import { load } from '@millrace/core'
import { attachFlowDissector } from '@millrace/socket'
import { attachTc } from '@millrace/tc'
import { type Host, topology } from '@millrace/testing'
import { flows as object } from './generated/flows.bpf.js'

const SENDERS = 4

/** The kernel spreads packets over processors by a hash of their flow. Here, all that comes from one host has one. */
export async function flows() {
  await using network = await topology({
    hosts: {
      client: { interfaces: { eth0: { addresses: ['10.0.0.1/24'] } } },
      server: { interfaces: { eth0: { addresses: ['10.0.0.2/24'] } } },
    },
    links: [['client:eth0', 'server:eth0']],
  })
  const { client, server } = network.hosts
  using programs = await load(object)
  using _hashes = attachTc(programs.programs.showHash, 'eth0', { direction: 'ingress', netns: server.netns })

  /** The hashes of datagrams from several sockets of the client, as the server's kernel computes them. */
  const hashes = async () => {
    const found = new Set<number>()
    for (let sender = 0; sender < SENDERS; sender++) {
      programs.variables.hash.set(0)
      await send(client)
      while (programs.variables.hash.get() === 0) await sleep(1)
      found.add(programs.variables.hash.get())
    }
    return found.size
  }

  const before = await hashes()
  using _dissector = attachFlowDissector(programs.programs.dissect, { netns: server.netns })
  return {
    senders: SENDERS,
    hashes: { before, after: await hashes() },
    dissected: Number(programs.variables.dissected.get()),
  }
}

async function send(client: Host): Promise<void> {
  const script = `require('node:dgram').createSocket('udp4').send('hello', 9, '10.0.0.2', () => process.exit())`
  const { code, stderr } = await client.run(process.execPath, ['-e', script])
  if (code !== 0) throw new Error(`the client could not send: ${stderr}`)
}
