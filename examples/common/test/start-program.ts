import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** Starts a program in a process group of its own, without colours, and collects what it prints. It ends with the test at the latest. */
export function startProgram(command: string, args: readonly string[]) {
  const child = spawn(command, args, { detached: true, env: { ...process.env, NO_COLOR: '1' } })
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL')
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += chunk))
  child.stderr.on('data', (chunk) => (output.stderr += chunk))
  const done = once(child, 'close').then(([code, signal]) => ({ ...output, code, signal }))
  return { child, output, done }
}
