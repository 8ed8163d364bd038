// One thread of the soak: mixed operations on maps of its own, and some on objects that it loads, until it is told to stop. Each
// operation checks its result: an error ends the process.
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { workerData } from 'node:worker_threads'
import { loadSync, MapOperationError } from '@millrace/core'
import {
  ArrayMap,
  ArrayOfMaps,
  HashMap,
  ipv4Prefix,
  LpmTrieMap,
  LruHashMap,
  PerCpuHashMap,
  Queue,
  RingBuffer,
  string,
  struct,
  u32,
  u64,
} from '@millrace/maps'

const { shared, thread } = workerData
const counters = new BigInt64Array(shared)
const stop = () => Atomics.load(counters, counters.length - 1) !== 0n
const small = fileURLToPath(new URL('../generated/small.bpf.o', import.meta.url))

const Counters = struct({ packets: u64, bytes: u64 })
const Name = string(16)
const value = (i) => ({ packets: BigInt(i), bytes: BigInt(i) << 32n })
const SIZE = 2000
const numbers = Array.from({ length: SIZE }, (_, i) => i)

const hash = HashMap.create({ name: `soak_hash${thread}`, key: u32, value: Counters, maxEntries: SIZE })
const names = LruHashMap.create({ name: `soak_lru${thread}`, key: Name, value: u32, maxEntries: SIZE })
const perCpu = PerCpuHashMap.create({ name: `soak_cpus${thread}`, key: u32, value: Counters, maxEntries: SIZE })
const array = ArrayMap.create({ name: `soak_array${thread}`, value: u64, maxEntries: SIZE, memoryMapped: true })
const trie = LpmTrieMap.create({ name: `soak_trie${thread}`, key: ipv4Prefix, value: u32, maxEntries: SIZE })
const queue = Queue.create({ name: `soak_queue${thread}`, value: u32, maxEntries: SIZE })
const inner = { inner: ArrayMap.spec({ name: 'soak_inner', value: u64, maxEntries: 4 }), maxEntries: 4 }
const outer = ArrayOfMaps.create({ name: `soak_outer${thread}`, ...inner })

const rounds = [
  function single() {
    for (const i of numbers) hash.set(i, value(i))
    for (const i of numbers) assert.equal(hash.get(i).packets, BigInt(i))
    for (const i of numbers) assert.equal(hash.delete(i), true)
    assert.equal(hash.get(0), undefined)
    return 3 * SIZE
  },
  function many() {
    hash.setAll(numbers.map((i) => [i, value(i)]))
    let sum = 0n
    for (const [, { packets }] of hash) sum += packets
    assert.equal(sum, BigInt((SIZE * (SIZE - 1)) / 2))
    assert.equal(hash.deleteAll(numbers.slice(0, SIZE / 2)), SIZE / 2)
    assert.equal(hash.drain().length, SIZE / 2)
    return 3 * SIZE
  },
  function perProcessor() {
    for (let i = 0; i < 100; i++) perCpu.fill(i, value(i))
    for (const [i, { packets }] of perCpu.merged('sum')) assert.equal(packets, BigInt(i * perCpu.cpus))
    perCpu.clear()
    return 200
  },
  function views() {
    const view = array.view({ writable: true })
    for (let i = 0; i < 100; i++) view.set(i, BigInt(i))
    for (let i = 0; i < 100; i++) assert.equal(view.get(i), BigInt(i))
    assert.equal(array.get(99), 99n)
    return 201
  },
  function strings() {
    for (let i = 0; i < 200; i++) names.set(`name ${i}`, i)
    assert.equal(names.get('name 199'), 199)
    return 201
  },
  function prefixes() {
    for (let i = 0; i < 200; i++) trie.set({ prefixLength: 24, address: `10.0.${i}.0` }, i)
    assert.equal(trie.get({ prefixLength: 32, address: '10.0.7.9' }), 7)
    assert.equal([...trie.keys()].length, 200)
    trie.clear()
    return 601
  },
  function line() {
    for (let i = 0; i < 200; i++) queue.push(i)
    assert.equal([...queue.drain()].length, 200)
    return 400
  },
  function swaps() {
    const fresh = outer.createInner()
    fresh.set(0, 7n)
    outer.set(1, fresh)
    fresh.close()
    const current = outer.get(1)
    assert.equal(current.get(0), 7n)
    current.close()
    return 4
  },
  function refusals() {
    hash.set(1, value(1))
    assert.throws(() => hash.set(1, value(1), 'create'), MapOperationError)
    assert.throws(() => hash.set(-1, value(1)), /key is -1/)
    assert.throws(() => array.get(SIZE), MapOperationError)
    hash.delete(1)
    return 5
  },
  function objects() {
    const object = loadSync(small)
    assert.equal(object.programs.count.testRun({ data: new Uint8Array(64) }).returnValue, 2)
    object.close()
    return 3
  },
  async function waiting() {
    const ring = RingBuffer.create({ name: `soak_ring${thread}`, event: u64, maxEntries: 4096 })
    const signal = AbortSignal.timeout(5)
    await assert.rejects(async () => {
      for await (const _ of ring.events({ signal })) assert.fail('nobody writes to it')
    })
    ring.close()
    return 1
  },
]

while (!stop()) for (const round of rounds) Atomics.add(counters, thread, BigInt(await round()))
for (const map of [hash, names, perCpu, array, trie, queue, outer]) map.close()
