// What is timed, the same for every contender in JavaScript; the peers in C and Go visit the same keys in the same order.
import { cpuUs, serve } from '../contender.mjs'

export const ENTRIES = 100_000
export const MILLION = 1_000_000
const VALUES = 1024
/** Passes until the compiler has settled. */
const WARM_UP = 5

// Made beforehand: what is timed is the map.
const scatter = (length) => Uint32Array.from({ length }, (_, i) => Math.imul((i * 61_843) % length, 2_654_435_761))
export const scattered = scatter(ENTRIES)
export const million = scatter(MILLION)
export const indices = Uint32Array.from({ length: ENTRIES }, (_, i) => i)
export const values = Array.from({ length: VALUES }, (_, i) => ({ packets: BigInt(i), bytes: 1n }))
const SUM = BigInt(indices.reduce((sum, i) => sum + (i % VALUES), 0))

function set(map, keys) {
  for (let i = 0; i < ENTRIES; i++) map.set(keys[i], values[i % VALUES])
}

/** What is timed is getting a value, decoded; `sumOf` has added them all up before, once. */
function get(map, keys) {
  let value
  for (let i = 0; i < ENTRIES; i++) value = map.get(keys[i])
  return value
}

function sumOf(map, keys, packetsOf) {
  let sum = 0n
  for (let i = 0; i < ENTRIES; i++) sum += packetsOf(map.get(keys[i]))
  verify(sum)
}

function remove(map, keys) {
  for (let i = 0; i < ENTRIES; i++) map.delete(keys[i])
}

function iterate(map) {
  let sum = 0n
  for (const [, value] of map) sum += value.packets
  verify(sum)
}

export function verify(sum) {
  if (sum !== SUM) throw new Error(`the map holds ${sum} instead of ${SUM}`)
}

/** A row: CPU time of one pass in nanoseconds an entry; what `prepare` takes is left out. */
export function perEntry(entries, pass, prepare = () => {}) {
  let warm = false
  const timed = () => {
    prepare()
    const start = cpuUs()
    pass()
    return ((cpuUs() - start) * 1000) / entries
  }
  return () => {
    for (let i = 0; i < WARM_UP && !warm; i++) timed()
    warm = true
    return timed()
  }
}

/**
 * Serves the rows that the contenders in JavaScript have in common.
 *
 * @param {{ hash: object, array: object, perCpu?: object }} maps
 * @param {(common: { fill: () => void }) => Record<string, () => number>} own rows of this one
 */
export async function run({ hash, array, perCpu }, own = () => ({})) {
  const fill = () => set(hash, scattered)
  fill()
  set(array, indices)
  sumOf(hash, scattered, ({ packets }) => packets)
  sumOf(array, indices, ({ packets }) => packets)
  if (perCpu) sumOf(perCpu, indices, (ofCpus) => ofCpus.reduce((sum, { packets }) => sum + packets, 0n))
  await serve({
    'hash get': perEntry(ENTRIES, () => get(hash, scattered)),
    'hash set': perEntry(ENTRIES, fill),
    'hash delete': perEntry(ENTRIES, () => remove(hash, scattered), fill),
    'array get': perEntry(ENTRIES, () => get(array, indices)),
    'array set': perEntry(ENTRIES, () => set(array, indices)),
    ...(perCpu ? { 'per-CPU array get': perEntry(ENTRIES, () => get(perCpu, indices)) } : {}),
    'hash iterate': perEntry(ENTRIES, () => iterate(hash), fill),
    ...own({ fill }),
  })
}
