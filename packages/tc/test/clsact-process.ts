/**
 * A process that attaches by clsact, told how by its argument, a {@link ClsactTask}. It prints one line of JSON, the
 * {@link ClsactAnswer}, when it is done or holds what it was to hold.
 */
import { load, MillraceError, type Program } from '@millrace/core'
import { adoptTc, attachTc, queryTc, type TcDirection } from '../src/index.js'

export interface ClsactTask {
  /** the object file */
  readonly object: string
  /** undefined: where the process runs */
  readonly netns: string | undefined
  /** attaches to these, and stays until it is killed */
  readonly hold?: readonly TcDirection[]
  /** attaches what drops under this name to ingress, and stays likewise */
  readonly adopt?: { readonly name: string; readonly pinRoot: string }
  /** attaches to ingress and egress, looks whether it is there, and detaches, so often */
  readonly turns?: number
  /** goes on like this after the answer, until it is killed */
  readonly forever?: boolean
}

export interface ClsactAnswer {
  readonly error?: { readonly name: string; readonly message: string; readonly capability?: unknown }
  /** how often what was attached was not there */
  readonly lost?: number
}

const {
  object: file,
  netns,
  hold = [],
  adopt,
  turns = 0,
  forever = false,
}: ClsactTask = JSON.parse(process.argv[2] ?? '')
const object = await load(file, { omit: ['not_tc'] })
const a = program('a')

function program(name: string): Program<'sched_cls'> {
  const found = object.programs[name]?.as('sched_cls')
  if (found === undefined) throw new Error(`${file} has no program ${name}`)
  return found
}

const attach = (direction: TcDirection, order: 'first' | 'last' = 'last') =>
  attachTc(a, 'eth0', { direction, netns, mechanism: 'clsact', order })

/** Its own is to be among them, whoever else comes and goes. */
function turn(number: number): number {
  const direction = number % 2 === 0 ? 'ingress' : 'egress'
  using _attachment = attach(direction, number % 3 === 0 ? 'first' : 'last')
  const { programs } = queryTc('eth0', { direction, netns, mechanism: 'clsact', pids: false })
  const places = programs.map(({ filter }) => filter?.priority)
  const unique = new Set(places).size === places.length
  return unique && programs.some((it) => it.program?.id === a.id) ? 0 : 1
}

function work(): ClsactAnswer {
  for (const direction of hold) attach(direction)
  if (adopt !== undefined)
    adoptTc(program('drop_first'), 'eth0', { direction: 'ingress', netns, mechanism: 'clsact', ...adopt })
  let lost = 0
  for (let number = 0; number < turns; number++) lost += turn(number)
  return { lost }
}

function answer(): ClsactAnswer {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    const { name, message } = error
    return { error: { name, message, capability: 'capability' in error ? error.capability : undefined } }
  }
}

process.stdout.write(`${JSON.stringify(answer())}\n`)
for (let number = turns; forever; number++) turn(number)
if (hold.length > 0 || adopt !== undefined) setInterval(() => {}, 1000)
else object.close()
