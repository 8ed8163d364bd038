// Takes up the chain of its first argument, and changes it at random until it is killed. It says what it has found, and before each
// change what it is about to do; all by synchronous writes, so that the last word is true.
import { writeSync } from 'node:fs'
import { loadSync, type Program } from '@millrace/core'
import { type AdoptChainOptions, TailCallChain } from '../../src/index.js'
import { marksTc } from '../generated/marks_tc.bpf.js'
import { marksXdp } from '../generated/marks_xdp.bpf.js'
import { randomNumbers } from '../random-changes.js'
import { argument } from './argument.js'

const say = (...words: readonly string[]) => writeSync(1, `${words.join(' ')}\n`)
const where = argument<AdoptChainOptions<'xdp'>>(0)
const random = randomNumbers(argument<number>(1))

const object = loadSync(((where.hook as string) === 'xdp' ? marksXdp : marksTc) as typeof marksXdp)
const programs: Readonly<Record<string, Program<'xdp'>>> = object.programs
say('ready')
// Ready beforehand, so that the one before it can be killed at the moment when this one is to begin.
process.stdin.once('data', () => void work())

async function work() {
  const chain = await TailCallChain.adopt({ ...where, stages: object.programs })
  say('found', ...chain.names)
  for (;;) {
    const [names, change] = anyChange(chain)
    say('change', ...names)
    change()
    say('done')
    const pause = random(4)
    if (pause === 0) await chain.settled()
    if (pause === 1) await new Promise((done) => setImmediate(done))
  }
}

/** What the stages will be, and what makes them so. */
function anyChange(chain: TailCallChain<'xdp'>): [names: string[], change: () => void] {
  const { names } = chain
  const unused = Object.keys(programs).filter((name) => !names.includes(name))
  const fresh = any(unused)
  const used = any(names)
  const others = names.filter((name) => name !== used)
  const program = (name: string | undefined) => programs[name ?? ''] as Program<'xdp'>
  if (used === undefined || (names.length < 3 && fresh !== undefined)) {
    return [[...names, fresh ?? ''], () => chain.append(fresh ?? '', program(fresh))]
  }
  const index = names.indexOf(used)
  switch (random(fresh === undefined || names.length > 5 ? 3 : 6)) {
    case 0:
      return [others, () => chain.remove(used)]
    case 1:
      return [[used, ...others], () => chain.move(used, 'first')]
    case 2: {
      const reversed = [...names].reverse()
      return [reversed, () => chain.apply(reversed)]
    }
    case 3:
      return [names.toSpliced(index, 0, fresh ?? ''), () => chain.insertBefore(used, fresh ?? '', program(fresh))]
    case 4:
      return [names, () => chain.replace(used, program(used))]
    default: {
      const wanted = names.with(index, fresh ?? '')
      return [wanted, () => chain.apply(wanted.map((it) => (it === fresh ? { name: it, program: program(it) } : it)))]
    }
  }
}

function any<T>(list: readonly T[]): T | undefined {
  return list[random(Math.max(list.length, 1))]
}
