import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { CommandError, MissingCapabilityError } from '../errors/index.js'
import { toolMissing, withSbin } from './process.js'

/**
 * What holds a namespace: a shell whose standard input is a pipe from us. It writes sysctls (`/proc/sys/net` is that of
 * whoever opens it) until the pipe ends, which it does however we end. It then kills every process that is still in the
 * namespace and leaves, and the kernel takes down the namespace with its links, programs and qdiscs. Signals are ignored
 * because Ctrl-C in a terminal goes to the whole process group, and this one has to be the last.
 */
const holder = `
trap '' HUP INT QUIT TERM
echo ready
while read -r name value; do
  if message=$({ printf '%s' "$value" >"/proc/sys/$name"; } 2>&1); then echo; else echo "$message"; fi
done
while :; do
  found=
  for process in /proc/[0-9]*; do
    [ "$process" != "/proc/$$" ] && [ "$process/ns/net" -ef "/proc/$$/ns/net" ] && kill -KILL "\${process#/proc/}" && found=1
  done 2>/dev/null
  [ "$found" ] || exit 0
  sleep 0.01
done
`

/** An anonymous network namespace: nothing in `/run/netns`, gone when this process is. */
export class NetworkNamespace {
  /** whose it is */
  readonly host: string
  readonly #child: ChildProcessWithoutNullStreams
  readonly #exited: Promise<undefined>
  /** who waits for the holder's next lines, in order */
  readonly #waiting: ((line: string) => void)[] = []

  private constructor(host: string, child: ChildProcessWithoutNullStreams) {
    this.host = host
    this.#child = child
    this.#exited = new Promise((resolve) => child.once('close', () => resolve(undefined)))
    // Writing to a holder that has just ended is told by its end.
    child.stdin.on('error', () => {})
    createInterface(child.stdout).on('line', (line) => this.#waiting.shift()?.(line))
  }

  /**
   * @throws {@link MissingCapabilityError} without CAP_SYS_ADMIN
   * @throws {@link ToolMissingError} without `unshare`
   */
  static async create(host: string): Promise<NetworkNamespace> {
    const env = withSbin({ ...process.env, LC_ALL: 'C' })
    const child = spawn('unshare', ['--net', '--', 'sh', '-c', holder], { stdio: ['pipe', 'pipe', 'pipe'], env })
    let error: unknown
    let stderr = ''
    child.once('error', (reason) => (error = toolMissing(reason, 'unshare')))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    const namespace = new NetworkNamespace(host, child)
    if ((await namespace.#line()) === undefined) throw error ?? refused(host, stderr.trim())
    return namespace
  }

  /** Process id of the holder. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  get path(): string {
    return `/proc/${this.pid}/ns/net`
  }

  async sysctl(name: string, value: string | number): Promise<void> {
    const path = name.includes('/') ? name : name.replaceAll('.', '/')
    this.#child.stdin.write(`${path} ${value}\n`)
    const message = (await this.#line()) ?? 'the namespace is closed'
    if (message !== '') throw new CommandError(this.host, `sysctl ${name}=${value}`, message.replace(/^sh: \d+: /, ''))
  }

  /** Ends every process in the namespace, then the namespace. */
  async close(): Promise<void> {
    this.#ref()
    this.#child.stdin.end()
    await this.#exited
  }

  /** The holder's next line; undefined when it has ended. */
  async #line(): Promise<string | undefined> {
    this.#ref()
    const line = new Promise<string>((resolve) => this.#waiting.push(resolve))
    try {
      return await Promise.race([line, this.#exited])
    } finally {
      if (this.#waiting.length === 0) this.#unref()
    }
  }

  /** Its pipes too: they end after the holder, and a program must not reach its end between the two. */
  #ref(): void {
    this.#child.ref()
    for (const stream of this.#pipes()) stream.ref()
  }

  /** A namespace alone does not keep the program running. */
  #unref(): void {
    this.#child.unref()
    for (const stream of this.#pipes()) stream.unref()
  }

  #pipes(): Socket[] {
    return [this.#child.stdin, this.#child.stdout, this.#child.stderr] as unknown as Socket[]
  }
}

function refused(host: string, stderr: string): Error {
  if (!/not permitted/.test(stderr)) return new CommandError(host, 'unshare --net', stderr)
  return new MissingCapabilityError('CAP_SYS_ADMIN', 'make a network namespace', stderr)
}
