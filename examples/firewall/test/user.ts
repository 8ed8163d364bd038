// The firewall as an ordinary user runs it: loads, pins, attaches, blocks, and then waits to be killed.
// Arguments: folder for pins, interface, address to block.
import { load } from '@millrace/core'
import { attachXdp } from '@millrace/xdp'
import { firewall } from '../src/generated/firewall.bpf.js'

const [pins = '', iface = '', address = ''] = process.argv.slice(2)
const fw = await load(firewall, {
  maps: { blocked: { pin: `${pins}/blocked` }, counters: { pin: `${pins}/counters` } },
})
const attachment = attachXdp(fw.programs.firewall, iface)
attachment.link?.pin(`${pins}/link`)
fw.maps.blocked.set({ address, prefixLength: 32 }, { packets: 0n, bytes: 0n })
console.log(JSON.stringify({ uid: process.getuid?.(), mode: attachment.mode, mechanism: attachment.mechanism }))
setInterval(() => {}, 60_000)
