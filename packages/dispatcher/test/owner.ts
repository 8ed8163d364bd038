import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import { addon, bundle } from '../../../test/guest/bundle.js'
import type { OwnerOptions } from './owner.script.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A process that has joined, or is about to. */
export class Owner {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(script: string, options: OwnerOptions) {
    const env = { ...process.env, MILLRACE_NATIVE_BINDING: process.env.MILLRACE_NATIVE_BINDING ?? addon }
    this.#child = spawn(process.execPath, [script, JSON.stringify(options)], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]()
  }

  /** It has said this, or has ended. */
  async says(word: 'ready' | 'done'): Promise<boolean> {
    const { value, done } = await this.#lines.next()
    return done !== true && value === word
  }

  /** Tells it to do what it was made for. */
  go(): void {
    this.#child.stdin?.write('\n')
  }

  async kill(): Promise<void> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }
}

/** Starts other processes; those that a test leaves behind are killed at its end. */
export function useOwners(): (options: OwnerOptions) => Owner {
  const owners: Owner[] = []
  let folder = process.env.MILLRACE_TEST_BUNDLES
  beforeAll(async () => {
    if (folder !== undefined) return
    folder = mkdtempSync(join(root, 'node_modules/.owner-'))
    await bundle([fileURLToPath(new URL('owner.script.ts', import.meta.url))], folder)
  }, 60_000)
  afterAll(async () => {
    for (const owner of owners) await owner.kill()
    if (folder !== undefined && folder !== process.env.MILLRACE_TEST_BUNDLES) rmSync(folder, { recursive: true })
  })
  return (options) => {
    const owner = new Owner(join(folder ?? '', 'owner.script.mjs'), options)
    owners.push(owner)
    return owner
  }
}
