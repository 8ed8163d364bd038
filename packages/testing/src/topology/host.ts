import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { ArgumentError } from '../errors/index.js'
import type { NetworkNamespace } from './namespace.js'
import { collect, inNamespace, type RunOptions, type RunResult, start } from './process.js'

/** An interface of a host, as it was when the topology was ready. */
export interface NetworkInterface {
  readonly name: string
  /** the interface's number in its own namespace */
  readonly ifindex: number
  /** `02:00:00:00:00:01` */
  readonly mac: string
  /** bytes */
  readonly mtu: number
  /** with prefix length, the link-local one included */
  readonly addresses: readonly string[]
}

/**
 * One host of a {@link Topology}: a network namespace of its own, and the processes in it.
 *
 * @typeParam Name - names of its interfaces
 * @example
 * ```ts
 * import { topology } from '@millrace/testing'
 *
 * await using net = await topology({
 *   hosts: {
 *     client: { interfaces: { eth0: { addresses: ['10.0.0.1/24'] } } },
 *     server: { interfaces: { eth0: { addresses: ['10.0.0.2/24'] } } },
 *   },
 *   links: [['client:eth0', 'server:eth0']],
 * })
 * const { client } = net.hosts
 * console.log(client.netns, client.interface('eth0').mac)
 * const { stdout } = await client.run('ip', ['neighbour', 'show'])
 * ```
 */
export class Host<Name extends string = string> {
  readonly #namespace: NetworkNamespace
  readonly #interfaces: ReadonlyMap<string, NetworkInterface>
  readonly #children = new Set<ChildProcess>()

  /** @internal */
  constructor(namespace: NetworkNamespace, interfaces: ReadonlyMap<string, NetworkInterface>) {
    this.#namespace = namespace
    this.#interfaces = interfaces
  }

  /** As declared. */
  get name(): string {
    return this.#namespace.host
  }

  /** Path of the network namespace, for `attachXdp(program, 'eth0', { netns: host.netns })` and the like. */
  get netns(): string {
    return this.#namespace.path
  }

  /**
   * An interface of the host, by its name.
   *
   * @throws {@link ArgumentError} when there is none of that name
   */
  interface(name: Name | 'lo'): NetworkInterface {
    const found = this.#interfaces.get(name)
    if (found === undefined) throw new ArgumentError('name', name, `one of ${[...this.#interfaces.keys()].join(', ')}`)
    return found
  }

  /**
   * Starts a process in the host, like `child_process.spawn`: the command's own pid, signals reach it. When the topology
   * closes, or when this process ends in any way, it is killed, and so are its children that stayed in the namespace.
   */
  spawn(command: string, args: readonly string[] = [], options: SpawnOptions = {}): ChildProcess {
    const child = start(...inNamespace(this.netns, command, args), options)
    this.#children.add(child)
    child.once('close', () => this.#children.delete(child))
    return child
  }

  /**
   * Runs a command in the host until it ends. An exit code other than 0 is a result, not an error; a command that does not exist
   * has 127.
   */
  run(command: string, args: readonly string[] = [], options: RunOptions = {}): Promise<RunResult> {
    const { env, cwd, signal } = options
    return collect(this.spawn(command, args, { stdio: 'pipe', env, cwd, signal }), options)
  }

  /** Sets a sysctl below `net`, such as `net.ipv4.conf.eth0.rp_filter`. Throws {@link CommandError}. */
  sysctl(name: string, value: string | number): Promise<void> {
    return this.#namespace.sysctl(name, value)
  }

  /** @internal */
  async close(): Promise<void> {
    const closed = [...this.#children].map((child) => new Promise((resolve) => child.once('close', resolve)))
    await this.#namespace.close()
    await Promise.all(closed)
  }
}
