import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../errors/index.js'
import { addressCommands, baseSysctls, linkCommands, routeCommands } from './commands.js'
import type { HostDeclaration, TopologyDeclaration } from './declaration.js'
import { Host, type NetworkInterface } from './host.js'
import { ip, listInterfaces } from './ip.js'
import type { NetworkNamespace } from './namespace.js'
import { settleAll } from './settle-all.js'

/** Fills the namespaces, all of them at once, step by step: a step needs what the one before has made in other hosts. */
export async function setUp(
  { hosts, links = [] }: TopologyDeclaration,
  namespaces: readonly NetworkNamespace[],
): Promise<Host[]> {
  const pids = new Map(namespaces.map(({ host, pid }) => [host, pid]))
  const pidOf = (host: string) => pids.get(host) ?? 0
  const each = <T>(step: (namespace: NetworkNamespace, declared: HostDeclaration) => Promise<T>) =>
    settleAll(namespaces.map((namespace) => step(namespace, hosts[namespace.host] ?? {})))

  await each((namespace, declared) => settleAll(baseSysctls(declared).map((sysctl) => namespace.sysctl(...sysctl))))
  await each((namespace) => ip(namespace, linkCommands(namespace.host, links, pidOf)))
  await each((namespace, declared) => ip(namespace, addressCommands(declared)))
  return each(async (namespace, declared) => {
    const interfaces = await interfacesUp(namespace)
    await ip(namespace, routeCommands(declared))
    for (const sysctl of Object.entries(declared.sysctls ?? {})) await namespace.sysctl(...sysctl)
    return new Host(namespace, interfaces)
  })
}

/** Carrier comes with the other end's, and IPv6 uses a link only once the kernel has noticed. */
async function interfacesUp(namespace: NetworkNamespace): Promise<ReadonlyMap<string, NetworkInterface>> {
  for (const deadline = Date.now() + 5000; ; await sleep(5)) {
    const { interfaces, down } = await listInterfaces(namespace)
    if (down.length === 0) return interfaces
    const message = `${down.join(', ')} did not come up`
    if (Date.now() > deadline) throw new CommandError(namespace.host, 'ip address show', message)
  }
}
