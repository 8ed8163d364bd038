// One round of the ring buffer measures with Millrace: prints {"row": nanoseconds a record}.
// Arguments: the object file, the program `produce`.
import { spawn } from 'node:child_process'
import { loadSync } from '@millrace/core'
import { RingBuffer, struct, u32, u64 } from '@millrace/maps'

// More than the others: a compiler needs its time.
const WARM_UP = 100
const DRAINS = 100
const XDP_DROP = 1

const [, , file, producer] = process.argv
// A record may be longer than what is read of it.
const Packet = struct({ time: u64, source: u32, length: u32 })
const object = loadSync(file)
const ring = RingBuffer.from(object.maps.records, { event: Packet })
const data = new Uint8Array(64)

const cpuNs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) * 1000
}
const fill = () => {
  while (object.programs.fill.testRun({ data }).returnValue !== XDP_DROP);
}

/** What was read, so that reading cannot be left out. Sums are local while they grow. */
let seen = 0

function twoFields() {
  let records = 0
  let sum = 0
  for (let batch = ring.drainBatch(); batch !== undefined; batch = ring.drainBatch()) {
    sum += sumOf(batch)
    records += batch.length
  }
  seen += sum
  return records
}

function wideField() {
  let records = 0
  let sum = 0
  let wideSum = 0n
  for (let batch = ring.drainBatch(); batch !== undefined; batch = ring.drainBatch()) {
    for (const { time, length } of batch) {
      wideSum += time
      sum += length
    }
    records += batch.length
  }
  seen += sum + Number(wideSum)
  return records
}

function decoded() {
  const events = ring.drain()
  let sum = 0
  for (const { source, length } of events) sum += source + length
  seen += sum
  return events.length
}

async function byEvent() {
  const expected = Math.floor((1 << 22) / 72)
  let records = 0
  let sum = 0
  for await (const { source, length } of ring.events()) {
    sum += source + length
    if (++records === expected) break
  }
  seen += sum
  return records
}

async function drained(drain) {
  let spent = 0
  let records = 0
  for (let i = 0; i < WARM_UP + DRAINS; i++) {
    fill()
    const start = cpuNs()
    const count = await drain()
    if (i < WARM_UP) continue
    spent += cpuNs() - start
    records += count
  }
  return spent / records
}

function sumOf(batch) {
  let sum = 0
  for (const { source, length } of batch) sum += source + length
  return sum
}

/** Reads what a process of its own has the kernel write. */
async function live() {
  const child = spawn(producer, [`${object.programs.produce.id}`], { stdio: ['pipe', 'inherit', 'inherit'] })
  const warm = performance.now() + 500
  let start
  let cpu
  let records = 0
  for await (const batch of ring.batches()) {
    seen += sumOf(batch)
    records += batch.length
    const now = performance.now()
    if (start === undefined && now > warm) {
      start = now
      cpu = cpuNs()
      records = 0
    } else if (start !== undefined && now > start + 1000) {
      child.stdin.end()
      return {
        'live producer, a record': ((now - start) * 1e6) / records,
        "live producer, the reader's CPU": (cpuNs() - cpu) / records,
      }
    }
  }
}

const rows = {
  'drained, two fields read': await drained(twoFields),
  'drained, a u64 and a u32 read': await drained(wideField),
  'drained, each decoded': await drained(decoded),
  'for await, each decoded': await drained(byEvent),
  ...(await live()),
}
if (seen === 0) throw new Error('nothing was read')
console.log(JSON.stringify(rows))
object.close()
