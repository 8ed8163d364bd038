import { execFileSync } from 'node:child_process'

/** What bpftool says: somebody else's reading of the same kernel. */
export function bpftool(...args: string[]): Record<string, unknown> {
  return JSON.parse(execFileSync('bpftool', ['--json', ...args], { encoding: 'utf8' }))
}
