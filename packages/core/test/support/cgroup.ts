import { mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

/** A control group of a test file's own, below the root of cgroup v2, wherever that is mounted. */
export function useCgroup(name: string): { readonly path: string } {
  const cgroup = { path: '' }
  beforeAll(() => {
    cgroup.path = join(root(), `millrace-test-${name}-${process.pid}`)
    mkdirSync(cgroup.path)
  })
  afterAll(() => rmdirSync(cgroup.path))
  return cgroup
}

function root(): string {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
  const mount = mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')
  if (mount?.[1] === undefined) throw new Error('cgroup v2 is not mounted')
  return mount[1]
}
