import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { ToolMissingError } from '../errors/index.js'

/** How a command ended. */
export interface RunResult {
  readonly stdout: string
  readonly stderr: string
  /** exit code; null when a signal ended it */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Options of {@link Host.run}. */
export interface RunOptions {
  /** written to standard input, which is then closed */
  readonly input?: string | Uint8Array | undefined
  /** milliseconds after which the command is killed; default never */
  readonly timeout?: number | undefined
  /** kills the command; the promise rejects with the signal's reason */
  readonly signal?: AbortSignal | undefined
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly cwd?: string | undefined
}

/** `su` and some services leave out the folders that have `ip`. */
export function withSbin(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...env, PATH: `${env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin` }
}

/** The command line that runs a command in the network namespace of a process. It is exec'ed: same pid, same signals. */
export function inNamespace(netns: string, command: string, args: readonly string[]): [string, string[]] {
  return ['nsenter', [`--net=${netns}`, '--', command, ...args]]
}

export function start(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(command, args, { ...options, env: withSbin(options.env) })
}

/** Collects what a child says until it has ended. */
export function collect(child: ChildProcess, options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout?.on('data', (chunk) => stdout.push(chunk))
    child.stderr?.on('data', (chunk) => stderr.push(chunk))
    const timer = options.timeout === undefined ? undefined : setTimeout(() => stop(child), options.timeout)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(options.signal?.aborted === true ? options.signal.reason : error)
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code, signal })
    })
    // The command may end without having read all of it.
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input ?? '')
  })
}

/** Its own children may hold its output open: that is not waited for. */
function stop(child: ChildProcess): void {
  child.kill('SIGKILL')
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** A missing tool, when that is what an error of spawn() says. */
export function toolMissing(error: unknown, tool: string): unknown {
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? new ToolMissingError(tool, packages[tool] ?? tool) : error
}

const packages: Readonly<Record<string, string>> = { ip: 'iproute2', nsenter: 'util-linux', unshare: 'util-linux' }
