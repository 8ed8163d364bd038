import { CommandError, MissingCapabilityError } from '../errors/index.js'
import type { NetworkInterface } from './host.js'
import type { NetworkNamespace } from './namespace.js'
import { collect, inNamespace, start, toolMissing } from './process.js'

/** Runs `ip` commands in a namespace, all by one process. */
export async function ip(namespace: NetworkNamespace, commands: readonly string[]): Promise<void> {
  if (commands.length > 0) await runIp(namespace, ['-batch', '-'], commands)
}

interface IpAddressShow {
  readonly ifname: string
  readonly ifindex: number
  readonly address: string
  readonly mtu: number
  readonly operstate: string
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[]
}

/** The interfaces of a namespace, and the names of those that have no carrier yet. */
export async function listInterfaces(
  namespace: NetworkNamespace,
): Promise<{ interfaces: ReadonlyMap<string, NetworkInterface>; down: readonly string[] }> {
  const shown: readonly IpAddressShow[] = JSON.parse(await runIp(namespace, ['-json', 'address', 'show'], []))
  const interfaces = shown.map(({ ifname: name, ifindex, address: mac, mtu, addr_info }) => ({
    name,
    ifindex,
    mac,
    mtu,
    addresses: addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
  }))
  return {
    interfaces: new Map(interfaces.map((it) => [it.name, it])),
    down: shown.filter(({ ifname, operstate }) => ifname !== 'lo' && operstate !== 'UP').map(({ ifname }) => ifname),
  }
}

async function runIp(
  namespace: NetworkNamespace,
  args: readonly string[],
  commands: readonly string[],
): Promise<string> {
  const child = start(...inNamespace(namespace.path, 'ip', args), {
    stdio: 'pipe',
    env: { ...process.env, LC_ALL: 'C' },
  })
  const input = commands.map((command) => `${command}\n`).join('')
  const { code, stdout, stderr } = await collect(child, { input }).catch((error) => {
    throw toolMissing(error, 'nsenter')
  })
  if (code === 0) return stdout
  if (code === 127) throw toolMissing({ code: 'ENOENT' }, 'ip')
  const [, line] = /Command failed -:(\d+)/.exec(stderr) ?? []
  const command = `ip ${commands[Number(line) - 1] ?? args.join(' ')}`
  if (/not permitted/.test(stderr)) throw new MissingCapabilityError('CAP_NET_ADMIN', `run ${command}`, stderr.trim())
  throw new CommandError(namespace.host, command, stderr.replace(/Command failed -:\d+/, '').trim())
}
