// The view measures of Millrace, in nanoseconds an operation. All in one process, as in an application: no view is the only one
// that V8 knows.
import { ArrayMap, struct, u32, u64 } from '@millrace/maps'
import { cpuUs, serve } from '../contender.mjs'

const LENGTH = 64
const OPERATIONS = 1_000_000
const SYSTEM_CALLS = 20_000

const create = (name, value) => ArrayMap.create({ name, value, maxEntries: LENGTH, memoryMapped: true })
const map = create('counters', u64)
const wide = map.view()
const narrow = create('narrow', u32).view()
const hits = create('hits', struct({ packets: u64, bytes: u64 })).view()
const fields = Array.from({ length: LENGTH }, (_, index) => hits.at(index))
const one = hits.field('bytes')
for (let i = 0; i < LENGTH; i++) {
  wide.set(i, BigInt(i))
  narrow.set(i, i)
  hits.set(i, { packets: BigInt(i), bytes: 2n })
}

/** Nanoseconds that `operations` take in `run`, which returns the sum of what it read. */
function timed(operations, run, expected) {
  const start = cpuUs()
  const sum = run(operations)
  const ns = (cpuUs() - start) * 1000
  if (expected !== undefined && Number(sum) !== expected * operations) throw new Error(`the sum is ${sum}`)
  return ns / operations
}

/** The mean of 0 to LENGTH - 1. */
const mean = (LENGTH - 1) / 2

/** Warms up first, so that what is timed is compiled. */
function row(run, expected, operations = OPERATIONS) {
  let isWarm = false
  return () => {
    for (let i = 0; i < 3 && !isWarm; i++) run(operations)
    isWarm = true
    return timed(operations, run, expected)
  }
}

const rounded = OPERATIONS - (OPERATIONS % LENGTH)
await serve({
  'mapped counter read': row(
    (operations) => {
      let sum = 0n
      for (let i = 0; i < operations; i++) sum += wide.get(i % LENGTH)
      return sum
    },
    mean,
    rounded,
  ),
  'mapped counter of 32 bits read': row(
    (operations) => {
      let sum = 0
      for (let i = 0; i < operations; i++) sum += narrow.get(i % LENGTH)
      return sum
    },
    mean,
    rounded,
  ),
  'mapped field of a struct read': row(
    (operations) => {
      let sum = 0n
      for (let i = 0; i < operations; i++) sum += fields[i % LENGTH].packets
      return sum
    },
    mean,
    rounded,
  ),
  'mapped struct of 16 bytes copied': row(
    (operations) => {
      let sum = 0n
      for (let i = 0; i < operations; i++) sum += hits.get(i % LENGTH).packets
      return sum
    },
    mean,
    rounded,
  ),
  'mapped single value read': row((operations) => {
    let sum = 0n
    for (let i = 0; i < operations; i++) sum += one.get(7)
    return sum
  }, 2),
  'mapped counter write': row((operations) => {
    for (let i = 0; i < operations; i++) wide.set(i % LENGTH, BigInt(i % LENGTH))
  }),
  'mapped counter read, atomically': row(
    (operations) => {
      let sum = 0n
      for (let i = 0; i < operations; i++) sum += wide.load(i % LENGTH)
      return sum
    },
    mean,
    rounded,
  ),
  'mapped counter add, atomically': row((operations) => {
    const packets = hits.field('packets')
    for (let i = 0; i < operations; i++) packets.add(i % LENGTH, 0n)
  }),
  'array counter read, by a system call': row(
    (operations) => {
      let sum = 0n
      for (let i = 0; i < operations; i++) sum += map.get(7)
      return sum
    },
    7,
    SYSTEM_CALLS,
  ),
})
