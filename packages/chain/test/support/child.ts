import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { afterAll, beforeAll } from 'vitest'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const chain = join(root, 'packages/chain')
const addon = join(root, 'packages/core/build/Release/millrace.node')

/** Starts processes of `test/children`, and kills what is left of them in the end. */
export interface Children {
  start(child: string, args: readonly unknown[], nodeOptions?: readonly string[]): Child
}

/** Bundles children with all that they import, as vitest cannot run them. */
export function useChildren(...names: readonly string[]): Children {
  const running = new Set<Child>()
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-chain-'))
    await build({
      config: false,
      entry: Object.fromEntries(names.map((name) => [name, join(chain, 'test/children', `${name}.ts`)])),
      format: ['esm'],
      target: 'node20',
      tsconfig: join(root, 'tsconfig.json'),
      // To the sources, by the paths of tsconfig.json.
      noExternal: [/^@millrace\//],
      splitting: false,
      silent: true,
      outDir: folder,
      outExtension: () => ({ js: '.mjs' }),
    })
    for (const from of ['src/generated', 'test/generated'].map((it) => join(chain, it))) {
      for (const file of readdirSync(from))
        if (file.endsWith('.bpf.o')) copyFileSync(join(from, file), join(folder, file))
    }
  }, 120_000)
  afterAll(async () => {
    await Promise.all([...running].map((child) => child.kill()))
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    start: (name, args, nodeOptions = []) => {
      const file = join(folder, `${name}.mjs`)
      const child = new Child(
        spawn(process.execPath, [...nodeOptions, file, ...args.map((it) => JSON.stringify(it))], {
          stdio: ['pipe', 'pipe', 'inherit'],
          env: { ...process.env, MILLRACE_NATIVE_BINDING: addon },
        }),
      )
      running.add(child)
      void child.ended.then(() => running.delete(child))
      return child
    },
  }
}

/** A process that says a line for each thing that it does. */
export class Child {
  readonly pid: number
  /** all that it has said */
  readonly lines: string[] = []
  /** resolves when it has ended, and all that it said has arrived */
  readonly ended: Promise<void>
  readonly #process: ChildProcess
  #heard = () => {}

  constructor(process: ChildProcess) {
    this.#process = process
    this.pid = process.pid ?? 0
    if (process.stdout === null) throw new TypeError('the child has no output')
    createInterface(process.stdout).on('line', (line) => {
      this.lines.push(line)
      this.#heard()
    })
    this.ended = once(process, 'close').then(() => this.#heard())
  }

  tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`)
  }

  /** Resolves once it has said a line that begins like this, after `skip` others; rejects when it has ended without. */
  async says(beginning: string, skip = 0): Promise<string> {
    for (;;) {
      const line = this.lines.filter((it) => it.startsWith(beginning))[skip]
      if (line !== undefined) return line
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
        throw new Error(`the child ended without saying ${beginning}: ${this.lines.join(' | ')}`)
      }
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
    }
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.ended
  }
}
