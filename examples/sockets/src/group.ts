import { execFile } from 'node:child_process'
import { mkdirSync, rmdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { cgroupRoot } from '@millrace/socket'

/** Somebody may still be dying in it: milliseconds, and how often. */
const PATIENCE = { pause: 10, times: 500 }

/** A control group of its own, for scripts to run in. */
export class Group implements AsyncDisposable {
  readonly path: string

  constructor(name: string) {
    this.path = `${cgroupRoot()}/millrace-example-${name}-${process.pid}`
    mkdirSync(this.path)
  }

  /** Runs a script of Node.js in the group, and gives back the JSON that it prints. The process joins before it opens any socket. */
  async run(script: string): Promise<unknown> {
    const join = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
    const args = ['-c', join, this.path, process.execPath, '-e', script]
    const { stdout } = await promisify(execFile)('sh', args, { timeout: 20_000, killSignal: 'SIGKILL' })
    return JSON.parse(stdout)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return rmdirSync(this.path)
      } catch (error) {
        if (attempt === PATIENCE.times) throw error
        await sleep(PATIENCE.pause)
      }
    }
  }
}
