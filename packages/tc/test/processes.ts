import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Host } from '@millrace/testing'
import { useScript } from '../../core/test/support/script.js'
import type { ClsactAnswer, ClsactTask } from './clsact-process.js'
import { objectFile } from './foreign.js'

/** Starts clsact-process.ts, in a host and with other rights where they are told. */
export function useClsactProcesses() {
  const script = useScript(new URL('./clsact-process.ts', import.meta.url))
  return {
    start(host: Host, task: Omit<ClsactTask, 'object'>, rights: readonly string[] = []): Promise<ClsactProcess> {
      const words = [...rights, process.execPath, script.path, JSON.stringify({ object: objectFile, ...task })]
      const [command = '', ...args] = words
      return begun(host.spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env: script.env }))
    },
  }
}

export interface ClsactProcess {
  readonly answer: ClsactAnswer
  /** kill -9 */
  kill(): Promise<void>
}

async function begun(child: ChildProcess): Promise<ClsactProcess> {
  const ended = once(child, 'exit')
  if (child.stdout === null) throw new Error('the process has no output')
  for await (const line of createInterface(child.stdout)) {
    const kill = async () => {
      child.kill('SIGKILL')
      await ended
    }
    return { answer: JSON.parse(line), kill }
  }
  throw new Error(`the process ended without an answer: ${await ended}`)
}
