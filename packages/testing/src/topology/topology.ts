import type { HostDeclaration, InterfaceName, TopologyDeclaration } from './declaration.js'
import type { Host } from './host.js'
import { NetworkNamespace } from './namespace.js'
import { setUp } from './set-up.js'
import { settleAll } from './settle-all.js'
import { validate } from './validate.js'

/** A network that is up. Leave it with `await using`, or call {@link Topology.close}. */
export interface Topology<
  H extends Readonly<Record<string, HostDeclaration>> = Readonly<Record<string, HostDeclaration>>,
> {
  /** by the names in the declaration */
  readonly hosts: { readonly [Name in keyof H & string]: Host<InterfaceName<H[Name]>> }
  /** Kills the processes, takes everything down and waits for it. Twice is harmless. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Makes a network of hosts from a declaration: a network namespace for each, veth pairs between them, addresses, routes.
 * When the promise resolves every link is up and every address usable.
 *
 * Nothing of it can be left behind. The namespaces have no name and live as long as this process: `close()`, an exception on the
 * way, Ctrl-C, `kill -9` all end with the kernel taking them down, with the links, programs and qdiscs in them. Signal
 * handlers are neither needed nor set.
 *
 * Needs Linux, root (CAP_SYS_ADMIN and CAP_NET_ADMIN), `ip` (iproute2), `unshare` and `nsenter` (util-linux).
 *
 * @throws {@link ArgumentError} for a declaration that cannot be; it names the field
 * @throws {@link MissingCapabilityError} when not allowed to make namespaces
 * @throws {@link ToolMissingError} when a tool is not installed
 * @throws {@link CommandError} when the kernel refuses a step
 * @kernel 5.10
 * @example
 * ```ts
 * import { topology } from '@millrace/testing'
 *
 * await using net = await topology({
 *   hosts: {
 *     client: {
 *       interfaces: { eth0: { addresses: ['10.1.0.2/24', 'fd00:1::2/64'] } },
 *       routes: [{ to: 'default', via: '10.1.0.1' }, { to: 'default', via: 'fd00:1::1' }],
 *     },
 *     gateway: {
 *       interfaces: {
 *         lan0: { addresses: ['10.1.0.1/24', 'fd00:1::1/64'] },
 *         wan0: { addresses: ['192.0.2.1/24', 'fd00:2::1/64'] },
 *       },
 *       forwarding: true,
 *     },
 *     server: {
 *       interfaces: { eth0: { addresses: ['192.0.2.2/24', 'fd00:2::2/64'] } },
 *       routes: [{ to: 'default', via: '192.0.2.1' }, { to: 'default', via: 'fd00:2::1' }],
 *     },
 *   },
 *   links: [
 *     ['client:eth0', 'gateway:lan0'],
 *     ['gateway:wan0', 'server:eth0'],
 *   ],
 * })
 * net.hosts.server.spawn('python3', ['-m', 'http.server', '80'])
 * const { stdout } = await net.hosts.client.run('curl', ['--retry-connrefused', '--retry', '9', 'http://192.0.2.2/'])
 * ```
 */
export async function topology<const H extends Readonly<Record<string, HostDeclaration>>>(
  declaration: TopologyDeclaration<H>,
): Promise<Topology<H>> {
  validate(declaration as TopologyDeclaration)
  const namespaces: NetworkNamespace[] = []
  const create = async (name: string) => namespaces.push(await NetworkNamespace.create(name))
  try {
    await settleAll(Object.keys(declaration.hosts).map(create))
    return live(await setUp(declaration as TopologyDeclaration, namespaces)) as Topology<H>
  } catch (error) {
    await Promise.all(namespaces.map((namespace) => namespace.close()))
    throw error
  }
}

function live(hosts: readonly Host[]): Topology {
  let closing: Promise<unknown> | undefined
  const close = async () => {
    closing ??= Promise.all(hosts.map((host) => host.close()))
    await closing
  }
  return { hosts: Object.fromEntries(hosts.map((host) => [host.name, host])), close, [Symbol.asyncDispose]: close }
}
