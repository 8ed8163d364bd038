import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { cgroupRoot } from '../src/index.js'

const PREFIX = 'millrace-socket-'

let made = 0

/** A control group that nobody else uses. */
export interface TestCgroup extends AsyncDisposable {
  readonly path: string
  /** Ends its processes and removes it, and the groups below. Twice is harmless. */
  remove(): Promise<void>
}

/** Makes a control group, below the root unless told otherwise. */
export async function makeCgroup(parent = cgroupRoot()): Promise<TestCgroup> {
  if (parent === cgroupRoot()) await removeOrphans()
  const path = `${parent}/${PREFIX}${process.pid}-${++made}`
  mkdirSync(path)
  const remove = () => removeTree(path)
  return { path, remove, [Symbol.asyncDispose]: remove }
}

/** A group cannot go while processes are in it, and one that was killed takes its time. */
async function removeTree(path: string): Promise<void> {
  for (let attempt = 0; existsSync(path); attempt++) {
    for (const below of readdirSync(path, { withFileTypes: true })) {
      if (below.isDirectory()) await removeTree(`${path}/${below.name}`)
    }
    for (const pid of processesOf(path)) kill(pid)
    try {
      rmdirSync(path)
    } catch (error) {
      if (attempt === 500) throw error
      await delay(10)
    }
  }
}

/** What test runs left behind that were killed. */
async function removeOrphans(): Promise<void> {
  for (const name of readdirSync(cgroupRoot())) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await removeTree(`${cgroupRoot()}/${name}`)
  }
}

function processesOf(path: string): number[] {
  try {
    return readFileSync(`${path}/cgroup.procs`, 'utf8').trim().split('\n').filter(Boolean).map(Number)
  } catch {
    // It has gone meanwhile.
    return []
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
