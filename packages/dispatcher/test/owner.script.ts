import { once } from 'node:events'
import { nativeBinding } from '@millrace/core/internal'
import { joinXdp } from '@millrace/dispatcher'
import { loadMembers } from './members.js'

/**
 * Another process with a slot: joins, or not yet, says `ready`, and on a line on its standard input does one thing more. It kills itself
 * in the middle of it, right before as many calls of the kernel as it was told; if there are not so many, it says `done` and goes
 * on living.
 */
const { netns, bpffs, mark, priority, name, action, dieBefore } = JSON.parse(process.argv[2] ?? '') as OwnerOptions

/** What the process is to do. */
export interface OwnerOptions {
  readonly netns: string
  readonly bpffs: string
  /** that its program leaves in the trace */
  readonly mark: string
  readonly priority: number
  readonly name?: string
  readonly action: 'join' | 'update' | 'configure' | 'leave'
  /** 0: never */
  readonly dieBefore: number
}

const object = await loadMembers(bpffs, mark)
const join = () =>
  joinXdp(object.programs.member, 'eth0', { netns, bpffs, priority, ...(name === undefined ? {} : { name }) })
const slot = action === 'join' ? undefined : await join()
console.log('ready')
await once(process.stdin, 'data')
if (dieBefore > 0) countDown(dieBefore)
if (action === 'join') await join()
else if (action === 'update') await slot?.update(object.programs.another)
else if (action === 'configure') await slot?.configure({ priority: priority + 2 })
else await slot?.leave()
console.log('done')
// Until it is killed.
setInterval(() => {}, 1000)

function countDown(left: number): void {
  const native = nativeBinding() as unknown as Record<string, (...args: unknown[]) => unknown>
  for (const [key, original] of Object.entries(native)) {
    const value = (...args: unknown[]) => {
      if (--left === 0) process.kill(process.pid, 'SIGKILL')
      return original(...args)
    }
    Object.defineProperty(native, key, { value })
  }
}
