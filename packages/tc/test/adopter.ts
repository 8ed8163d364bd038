/**
 * A process that adopts without an end, to be killed while it does. Its argument is an {@link AdopterTask}; it prints a line when
 * it has done it for the first time: whether that one was adopted.
 */
import { load } from '@millrace/core'
import { adoptTc, type TcDirection } from '../src/index.js'

export interface AdopterTask {
  /** the object file */
  readonly object: string
  /** where its counters are pinned, so that all processes count in one place */
  readonly seen: string
  readonly pinRoot: string
  readonly netns: string
  readonly direction: TcDirection
  /** one after another, round and round */
  readonly mechanisms: readonly ('auto' | 'tcx' | 'clsact')[]
  /** take it off the hook each time, so that it is attached anew */
  readonly detach: boolean
}

const task: AdopterTask = JSON.parse(process.argv[2] ?? '')
const { netns, pinRoot, direction, mechanisms } = task

const object = await load(task.object, { maps: { seen: { pin: task.seen } }, omit: ['not_tc'] })
const programs = ['drop_first', 'drop_second'].flatMap((name) => object.programs[name]?.as('sched_cls') ?? [])

for (let turn = 0; ; turn++) {
  const program = programs[turn % programs.length]
  const mechanism = mechanisms[Math.floor(turn / 2) % mechanisms.length]
  if (program === undefined) throw new Error('the object has no programs that drop')
  const attachment = adoptTc(program, 'eth0', { netns, pinRoot, direction, mechanism, name: 'guard', order: 'first' })
  if (turn === 0) process.stdout.write(`${attachment.adopted}\n`)
  if (task.detach) attachment.detach()
  attachment.close()
}
