import { fileURLToPath } from 'node:url'
import type { Host } from '@millrace/testing'
import { PORT } from './network.js'

/** The file of witnesses.bpf.c. */
export const objectFile = fileURLToPath(new URL('./generated/witnesses.bpf.o', import.meta.url))

/** Runs iproute2's tc in a host, and returns what it prints. */
export async function tc(host: Host, ...words: readonly string[]): Promise<string> {
  // It looks for a bpf filesystem to load objects, and makes folders in it: not in that of another test.
  const mounted = ['--mount', 'sh', '-c', 'mount -t bpf bpf /sys/fs/bpf && exec tc "$@"', 'tc']
  const { code, stdout, stderr } = await host.run('unshare', [...mounted, ...words])
  if (code !== 0) throw new Error(`tc ${words.join(' ')}: ${stderr}`)
  return stdout
}

export interface ForeignPlace {
  readonly direction: 'ingress' | 'egress'
  readonly priority: number
}

const at = ({ direction, priority }: ForeignPlace) => ['dev', 'eth0', direction, 'prio', String(priority)]

/** One of the programs of witnesses.bpf.c, from an object of iproute2's own. */
export async function addForeignProgram(host: Host, place: ForeignPlace, name: string): Promise<void> {
  await tc(host, 'filter', 'add', ...at(place), 'bpf', 'direct-action', 'object-file', objectFile, 'program', name)
}

/** Lets the packets of the tests pass at once: what stands behind it does not see them. */
export async function addForeignU32(host: Host, place: ForeignPlace): Promise<void> {
  const match = ['match', 'ip', 'dport', String(PORT), '0xffff', 'flowid', '1:1']
  await tc(host, 'filter', 'add', ...at(place), 'protocol', 'ip', 'u32', ...match)
}

export async function removeForeign(host: Host, place: ForeignPlace): Promise<void> {
  await tc(host, 'filter', 'del', ...at(place))
}

/** What tc shows of a direction, a line a filter or part of one. */
export function show(host: Host, direction: 'ingress' | 'egress'): Promise<string> {
  return tc(host, 'filter', 'show', 'dev', 'eth0', direction)
}

/** Whether there is a clsact qdisc on the interface. */
export async function hasClsact(host: Host): Promise<boolean> {
  return (await tc(host, 'qdisc', 'show', 'dev', 'eth0')).includes('qdisc clsact ')
}
