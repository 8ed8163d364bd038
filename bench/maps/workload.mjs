// What is timed, the same for every contender in JavaScript; the peers in C and Go visit the same keys in the same order.
export const ENTRIES = 100_000
const VALUES = 1024

// Made beforehand: what is timed is the map.
const scattered = Uint32Array.from({ length: ENTRIES }, (_, i) => Math.imul((i * 61_843) % ENTRIES, 2_654_435_761))
const indices = Uint32Array.from({ length: ENTRIES }, (_, i) => i)
const values = Array.from({ length: VALUES }, (_, i) => ({ packets: BigInt(i), bytes: 1n }))
const SUM = BigInt(indices.reduce((sum, i) => sum + (i % VALUES), 0))

/** CPU time of the process in nanoseconds an entry, once the compiler has settled. */
function measure(pass) {
  for (let i = 0; i < 5; i++) pass()
  const start = process.cpuUsage()
  pass()
  const { user, system } = process.cpuUsage(start)
  return ((user + system) * 1000) / ENTRIES
}

function set(map, keys) {
  for (let i = 0; i < ENTRIES; i++) map.set(keys[i], values[i % VALUES])
}

function get(map, keys) {
  let sum = 0n
  for (let i = 0; i < ENTRIES; i++) sum += map.get(keys[i]).packets
  verify(sum)
}

function iterate(map) {
  let sum = 0n
  for (const [, value] of map) sum += value.packets
  verify(sum)
}

function verify(sum) {
  if (sum !== SUM) throw new Error(`the map holds ${sum} instead of ${SUM}`)
}

/** Prints {"row": nanoseconds per operation}. */
export function run(hash, array) {
  const rows = {
    'hash set': measure(() => set(hash, scattered)),
    'hash get': measure(() => get(hash, scattered)),
    'array set': measure(() => set(array, indices)),
    'array get': measure(() => get(array, indices)),
    'hash iterate': measure(() => iterate(hash)),
  }
  console.log(JSON.stringify(rows))
}
