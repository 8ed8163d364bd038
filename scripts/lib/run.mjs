import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cache, root } from './paths.mjs'

/** Something the reader can act on: it is printed without a stack. */
export class Refusal extends Error {}

/** A command that failed, with all it printed. */
export class CommandError extends Refusal {
  constructor(command, reason, output, log) {
    const tail = output.trimEnd().split('\n').slice(-60).join('\n')
    super(`${command}\n${reason}${tail ? `\n\n${tail}` : ''}${log ? `\n\nThe whole log: ${log}` : ''}`)
    this.output = output
  }
}

/**
 * The environment for tools that we call. npm's settings of the script that is running are left out: they are npm's own,
 * and pnpm and a second npm would take them for the user's.
 */
export function environment(extra = {}) {
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))
  return { ...Object.fromEntries(entries), ...extra }
}

/**
 * Runs a command quietly and returns its output; what it printed is shown only when it fails, and kept in a file where
 * `log` names one.
 */
export function run(command, args, { cwd = root, env, log, okCodes = [0] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
      chunks.push(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text) => chunks.push(text))
    const finish = (reason) => {
      const output = chunks.join('')
      const file = log && join(cache, 'logs', `${log}.log`)
      if (file) {
        mkdirSync(join(cache, 'logs'), { recursive: true })
        writeFileSync(file, output)
      }
      const line = [command, ...args].join(' ').replace(/^(.{300}).+/s, '$1 ...')
      if (reason) reject(new CommandError(line, reason, output, file))
      else resolve({ stdout, output })
    }
    child.on('error', (error) => finish(error.code === 'ENOENT' ? 'not found' : error.message))
    child.on('close', (code, signal) =>
      finish(okCodes.includes(code) ? '' : signal ? `killed by ${signal}` : `exit code ${code}`),
    )
  })
}

/** Runs a command on our own terminal; resolves to its exit code. */
export function runVisibly(command, args, { cwd = root, env, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    // Ctrl-C reaches the child too, which tidies up and exits; leaving before it does would cut that short.
    const patience = () => {}
    process.on('SIGINT', patience)
    const pass = (signal) => child.kill(signal)
    process.on('SIGTERM', pass)
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', patience)
      process.off('SIGTERM', pass)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}

/** `task` over all items, two at a time: the machines this runs on are small. */
export async function inParallel(items, task, limit = 2) {
  const results = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await task(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
  return results
}

/** Runs a script's `main`: its number is the exit code, and a refusal is one message without a stack. */
export async function script(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : error)
    process.exitCode = 1
  }
}
