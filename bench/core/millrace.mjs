// One round of opening, loading and closing an object file with Millrace: prints {"row": microseconds}.
import { loadSync } from '@millrace/core'

// As many as the others: what a machine does first says little, and a compiler needs its time.
const WARM_UP = 3000
const ROUNDS = 300
const file = process.argv[2]
const cpuUs = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1]

function once() {
  const start = cpuUs()
  const object = loadSync(file)
  const loaded = cpuUs()
  object.close()
  return { load: loaded - start, cycle: cpuUs() - start }
}

const first = once()
for (let i = 0; i < WARM_UP; i++) once()
const times = Array.from({ length: ROUNDS }, once)
console.log(
  JSON.stringify({
    'open + load, first': first.load,
    'open + load, steady': median(times.map(({ load }) => load)),
    'open + load + close, steady': median(times.map(({ cycle }) => cycle)),
  }),
)
