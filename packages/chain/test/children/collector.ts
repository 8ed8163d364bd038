// Makes a chain of objects that it forgets, and has all garbage collected. Run with --expose-gc.
import { setTimeout as delay } from 'node:timers/promises'
import { load } from '@millrace/core'
import { type CreateXdpChainOptions, TailCallChain } from '../../src/index.js'
import { marksXdp } from '../generated/marks_xdp.bpf.js'
import { argument } from './argument.js'

const where = argument<CreateXdpChainOptions>(0)
const collect = () => (globalThis as { readonly gc?: () => void }).gc?.()

// Neither the objects nor the chain itself are held by anything: what happens on the hook is not for the garbage collector to say.
await makeChain()
for (let round = 0; round < 10; round++) {
  collect()
  await delay(10)
}
console.log('collected')
process.stdin.resume()

async function makeChain(): Promise<void> {
  const chain = await TailCallChain.create(where)
  for (const name of ['m1', 'm2', 'm3'] as const) {
    const object = await load(marksXdp)
    chain.append(name, object.programs[name])
  }
  chain.move('m3', 'first')
}
