// Run in a user namespace with a bpf filesystem by which everything is delegated to it: makes maps, loads the firewall, attaches it to lo, and
// sends itself datagrams. Prints what came of it.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { load, preflight } from '@millrace/core'
import { HashMap, u32, u64 } from '@millrace/maps'
import { attachXdp } from '@millrace/xdp'
import { firewall } from '../src/generated/firewall.bpf.js'

const PACKETS = 20

using flows = HashMap.create({ name: 'flows', key: u32, value: u64, maxEntries: 8 })
flows.set(1, 2n)
flows.pin('/sys/fs/bpf/flows')
using same = HashMap.open('/sys/fs/bpf/flows', { key: u32, value: u64 })

using fw = await load(firewall, { maps: { counters: { pin: '/sys/fs/bpf/counters' } } })
using attachment = attachXdp(fw.programs.firewall, 'lo')
fw.maps.blocked.set({ address: '127.0.0.2', prefixLength: 32 }, { packets: 0n, bytes: 0n })

const received: string[] = []
const receiver = createSocket('udp4')
receiver.on('message', (_, { address }) => received.push(address))
await once(receiver.bind(9000), 'listening')
for (const address of ['127.0.0.2', '127.0.0.3']) {
  const sender = createSocket('udp4')
  await once(sender.bind(0, address), 'listening')
  for (let i = 0; i < PACKETS; i++) {
    await new Promise((resolve) => sender.send('x', 9000, '127.0.0.1', resolve))
  }
  sender.close()
}
// Packets of one machine arrive in their order: when the last one is there, no other is on its way.
while (received.filter((it) => it === '127.0.0.3').length < PACKETS) await once(receiver, 'message')
receiver.close()
console.log(
  JSON.stringify({
    pinned: String(same.get(1)),
    blocked: received.filter((it) => it === '127.0.0.2').length,
    passed: received.filter((it) => it === '127.0.0.3').length,
    rule: Number(fw.maps.blocked.get({ address: '127.0.0.2', prefixLength: 32 })?.packets),
    problems: preflight().problems,
    mechanism: attachment.mechanism,
  }),
)
