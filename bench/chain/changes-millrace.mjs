// One round of changes of a chain of eight stages at XDP: prints {"row": microseconds}. Argument: interface.
import { fileURLToPath } from 'node:url'
import { TailCallChain } from '@millrace/chain'
import { loadSync } from '@millrace/core'
import { report, timed } from './times.mjs'

const file = fileURLToPath(new URL('../generated/chain_stage_xdp.bpf.o', import.meta.url))
const object = loadSync(file)
const program = object.programs.stage
const chain = await TailCallChain.create({ hook: 'xdp', interface: process.argv[2] })
const stages = Array.from({ length: 8 }, (_, index) => ({ name: `stage-${index}`, program }))
chain.apply(stages)

const changes = {
  append: () => chain.append('last', program),
  'replace the last': () => chain.replace('last', program),
  'remove the last': () => chain.remove('last'),
  'insert before the fifth': () => chain.insertBefore('stage-4', 'fifth', program),
  'remove the fifth': () => chain.remove('fifth'),
  'apply eight new ones': () => chain.apply(stages),
}

await chain.settled()
for (let round = -10; round < 30; round++) {
  for (const [row, change] of Object.entries(changes)) {
    timed(round, row, change)
    // A change that comes at once may load more stages again: that is another measure.
    await chain.settled()
  }
}
chain.close()
await chain.settled()
object.close()
report()
