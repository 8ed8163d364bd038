import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import type { Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import type { Server } from 'node:net'
import { fileURLToPath } from 'node:url'

/** What a connection or a datagram led to. */
export interface TcpResult {
  readonly reply: string
  /** as getpeername() says */
  readonly remoteAddress: string
  readonly remotePort: number
  /** as getsockname() says */
  readonly localAddress: string
  readonly localPort: number
}

export interface UdpResult {
  readonly reply: string
  /** who has sent it, as recvmsg() says */
  readonly from: string
  readonly fromPort: number
  /** as getpeername() says; null: not connected */
  readonly peer: { readonly address: string; readonly port: number } | null
}

interface Address {
  readonly address: string
  readonly port: number
}

interface To {
  readonly host: string
  readonly port: number
  readonly message?: string
  readonly timeout?: number
}

interface Actions {
  serveTcp(options: { readonly name: string; readonly host: string; readonly port?: number }): Address
  serveUdp(options: { readonly name: string; readonly host: string; readonly port?: number }): Address
  tcp(options: To & { readonly localPort?: number }): TcpResult
  udp(options: To & { readonly connected?: boolean }): UdpResult
  sendUdp(options: To): null
  bind(options: { readonly host: string; readonly port: number }): Address
  becomeNobody(): null
}

/** Where an agent lives. */
export interface AgentPlace {
  /** path of a control group */
  readonly cgroup?: string
  /** a host of a topology, or whatever starts processes elsewhere; default: this process's own namespace */
  readonly host?: { spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess }
}

/** An action that failed, with the name of the system's error. */
export class AgentError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/** A process in a control group, in a network namespace, that uses sockets as it is told. */
export class Agent implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolversOf<unknown>>()
  #lastId = 0

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (message, handle) => this.#settle(message as Reply, handle))
    child.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the agent has ended'))
    })
  }

  /** The process joins the group before it is Node.js: all of its sockets are made there. */
  static async start({ cgroup, host }: AgentPlace = {}): Promise<Agent> {
    const join = cgroup === undefined ? '' : 'echo $$ > "$0/cgroup.procs" && '
    const args = ['-c', `${join}exec "$@"`, cgroup ?? 'sh', process.execPath, script]
    const options: SpawnOptions = { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }
    const child = host === undefined ? spawn('sh', args, options) : host.spawn('sh', args, options)
    const agent = new Agent(child)
    await agent.#wait(0)
    return agent
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** @throws AgentError */
  async do<A extends keyof Actions>(action: A, ...options: Parameters<Actions[A]>): Promise<ReturnType<Actions[A]>> {
    return (await this.#ask({ action, options: options[0] })) as ReturnType<Actions[A]>
  }

  /**
   * Runs `use` with a descriptor of the server or UDP socket that the agent has opened last; it is closed after that, and stays open
   * in the agent.
   */
  async withDescriptor(use: (descriptor: number) => void): Promise<void> {
    const before = socketDescriptors()
    const handle = (await this.#ask({ action: 'handOver' })) as Server | UdpSocket
    try {
      const [descriptor] = socketDescriptors().filter((it) => !before.includes(it))
      if (descriptor === undefined) throw new Error('no descriptor came')
      use(descriptor)
    } finally {
      handle.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  #ask(message: object): Promise<unknown> {
    if (!this.#child.connected) throw new Error('the agent has ended')
    const id = ++this.#lastId
    const reply = this.#wait(id)
    this.#child.send({ id, ...message })
    return reply
  }

  #wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  #settle(reply: Reply, handle: unknown): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ('error' in reply) waiting?.reject(new AgentError(reply.error, reply.message))
    else waiting?.resolve(handle ?? reply.result)
  }
}

type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string; readonly message: string }

interface PromiseWithResolversOf<T> {
  resolve(value: T): void
  reject(error: Error): void
}

function socketDescriptors(): number[] {
  return readdirSync('/proc/self/fd').map(Number).filter(isSocket)
}

function isSocket(descriptor: number): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('socket:')
  } catch {
    // It was for reading the folder.
    return false
  }
}

const script = fileURLToPath(new URL('./agent.mjs', import.meta.url))
