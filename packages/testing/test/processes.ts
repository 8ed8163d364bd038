import { readdirSync, readFileSync } from 'node:fs'

/** State and parent of a process; undefined when there is none of that pid. */
function statusOf(pid: string): { state: string; parent: number } | undefined {
  try {
    const [state = '', parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}

/** A zombie does not run: it only waits for somebody to ask for its exit code. */
export function isRunning(pid: number | undefined): boolean {
  const status = statusOf(String(pid))
  return status !== undefined && status.state !== 'Z'
}

export function childrenOf(pid: number): readonly string[] {
  return readdirSync('/proc').filter((it) => /^\d+$/.test(it) && statusOf(it)?.parent === pid)
}
