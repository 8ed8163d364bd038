// One round of attaching and detaching by commands. In a mount namespace of its own. Arguments: program that times commands, tool,
// object file, interface.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSync } from '@millrace/core'

const [, , timer, tool, file, iface] = process.argv
const bpffs = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
const rows = {
  iproute2: {
    'XDP: attach': `ip link set dev ${iface} xdpdrv pinned ${bpffs}/xdp`,
    'XDP: detach': `ip link set dev ${iface} xdpdrv off`,
    'clsact: attach': `tc qdisc add dev ${iface} clsact;tc filter add dev ${iface} ingress bpf direct-action object-pinned ${bpffs}/tc`,
    'clsact: detach': `tc filter del dev ${iface} ingress;tc qdisc del dev ${iface} clsact`,
  },
  bpftool: {
    'XDP: attach': `bpftool net attach xdpdrv pinned ${bpffs}/xdp dev ${iface}`,
    'XDP: detach': `bpftool net detach xdpdrv dev ${iface}`,
  },
}

execFileSync('mount', ['-t', 'bpf', 'bpf', bpffs])
try {
  const object = loadSync(file)
  object.programs.pass_xdp.pin(`${bpffs}/xdp`)
  object.programs.pass_tc.pin(`${bpffs}/tc`)
  process.stdout.write(execFileSync(timer, Object.entries(rows[tool]).flat()))
  object.close()
} finally {
  execFileSync('umount', [bpffs])
  rmdirSync(bpffs)
}
