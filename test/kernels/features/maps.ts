import assert from 'node:assert/strict'
import type { RawMap } from '@millrace/core'
import {
  Arena,
  ArrayMap,
  ArrayOfMaps,
  type BatchSupport,
  BloomFilter,
  CpuMap,
  DevMap,
  DevMapHash,
  HashMap,
  HashOfMaps,
  ipv4Prefix,
  LpmTrieMap,
  LruHashMap,
  LruPerCpuHashMap,
  PerCpuArrayMap,
  PerCpuHashMap,
  PerfEventArray,
  Queue,
  ReuseportSockArray,
  RingBuffer,
  SocketStorage,
  SockHash,
  SockMap,
  Stack,
  struct,
  sum,
  UserRingBuffer,
  u32,
  u64,
  XskMap,
} from '@millrace/maps'
import type { Area } from '../feature.js'
import { isKernel } from '../kernel.js'
import { connection } from '../sockets.js'

const Hits = struct({ packets: u64, bytes: u64 })
const counted = { packets: 3n, bytes: 180n }
const table = { name: 'table', key: u32, value: u64, maxEntries: 16 }

/** Writes, reads, goes through and takes out. */
function exercise(map: HashMap<number, bigint> | LruHashMap<number, bigint>): void {
  for (const key of [1, 2, 3]) map.set(key, BigInt(key))
  assert.equal(map.get(2), 2n)
  assert.deepEqual([...map.keys()].sort(), [1, 2, 3])
  assert.throws(() => map.set(2, 0n, 'create'))
  assert.equal(map.delete(2), true)
  assert.equal(map.has(2), false)
}

const maps: Area = {
  'hash map': {
    since: '5.10',
    run() {
      using map = HashMap.create(table)
      exercise(map)
      using structs = HashMap.create({ ...table, value: Hits })
      assert.deepEqual(structs.set(7, counted).get(7), counted)
    },
  },
  'LRU hash map': {
    since: '5.10',
    run() {
      using map = LruHashMap.create({ ...table, maxEntries: 1024 })
      exercise(map)
    },
  },
  'per-CPU hash map': {
    since: '5.10',
    run() {
      using map = PerCpuHashMap.create(table)
      map.fill(1, 5n)
      const values = map.get(1) ?? []
      assert.equal(sum(values), 5n * BigInt(values.length))
    },
  },
  'LRU per-CPU hash map': {
    since: '5.10',
    run() {
      using map = LruPerCpuHashMap.create({ ...table, maxEntries: 1024 })
      map.fill(1, 5n)
      assert.equal(map.get(1)?.[0], 5n)
    },
  },
  array: {
    since: '5.10',
    run() {
      using map = ArrayMap.create({ name: 'values', value: Hits, maxEntries: 4 })
      assert.deepEqual(map.set(3, counted).get(3), counted)
      assert.equal([...map].length, 4)
    },
  },
  'per-CPU array': {
    since: '5.10',
    run() {
      using map = PerCpuArrayMap.create({ name: 'values', value: u64, maxEntries: 4 })
      map.fill(2, 1n)
      assert.equal(map.merged('sum').get(2), BigInt(map.get(2).length))
    },
  },
  'LPM trie': {
    since: '5.10',
    run() {
      using map = LpmTrieMap.create({ ...table, key: ipv4Prefix })
      map.set({ prefixLength: 8, address: '10.0.0.0' }, 8n).set({ prefixLength: 24, address: '10.1.2.0' }, 24n)
      assert.equal(map.get({ prefixLength: 32, address: '10.1.2.3' }), 24n)
      assert.equal([...map].length, 2)
      assert.equal(map.delete({ prefixLength: 24, address: '10.1.2.0' }), true)
      assert.equal(map.get({ prefixLength: 32, address: '10.1.2.3' }), 8n)
    },
  },
  queue: {
    since: '5.10',
    run() {
      using queue = Queue.create({ name: 'queue', value: u32, maxEntries: 4 })
      queue.push(1).push(2)
      assert.deepEqual([queue.peek(), queue.pop(), queue.pop(), queue.pop()], [1, 1, 2, undefined])
    },
  },
  stack: {
    since: '5.10',
    run() {
      using stack = Stack.create({ name: 'stack', value: u32, maxEntries: 4 })
      stack.push(1).push(2)
      assert.deepEqual([stack.peek(), stack.pop(), stack.pop(), stack.pop()], [2, 2, 1, undefined])
    },
  },
  'bloom filter': {
    since: '5.16',
    run() {
      using filter = BloomFilter.create({ name: 'filter', value: u32, maxEntries: 100 })
      filter.add(7)
      assert.equal(filter.has(7), true)
    },
  },
  'array of maps': {
    since: '5.10',
    run() {
      using map = ArrayOfMaps.create({ name: 'outer', maxEntries: 2, inner: HashMap.spec(table) })
      using inner = map.createInner()
      map.set(1, inner.set(5, 6n))
      using found = map.get(1)
      assert.equal(found?.get(5), 6n)
    },
  },
  'array of arrays of any size': {
    since: '5.10',
    run() {
      const inner = ArrayMap.spec({ name: 'inner', value: u64, maxEntries: 2 })
      using map = ArrayOfMaps.create({ name: 'outer', maxEntries: 2, inner })
      using made = map.createInner()
      map.set(0, made)
    },
  },
  'hash of maps': {
    since: '5.10',
    run() {
      using map = HashOfMaps.create({ name: 'outer', key: u32, maxEntries: 2, inner: HashMap.spec(table) })
      using first = map.createInner()
      using second = map.createInner()
      map.set(9, first.set(1, 1n))
      using old = map.swap(9, second)
      assert.equal(old?.get(1), 1n)
      map.setAll([[2, first]])
      assert.equal(map.delete(9), true)
    },
  },
  'interfaces (DevMap)': {
    since: '5.10',
    run() {
      using map = DevMap.create({ name: 'devices', maxEntries: 4 })
      map.set(1, 'lo')
      assert.equal(map.get(1)?.ifindex, 1)
    },
  },
  'interfaces (DevMapHash)': {
    since: '5.10',
    run() {
      using map = DevMapHash.create({ name: 'devices', maxEntries: 4 })
      map.set(1000, 'lo')
      assert.equal(map.get(1000)?.ifindex, 1)
    },
  },
  processors: {
    since: '5.10',
    run() {
      using map = CpuMap.create({ name: 'processors', maxEntries: 2 })
      map.set(0, 64)
      assert.equal(map.get(0)?.queueSize, 64)
    },
  },
  'AF_XDP sockets': {
    since: '5.10',
    run() {
      using map = XskMap.create({ name: 'sockets', maxEntries: 2 })
      map.delete(1)
    },
  },
  sockets: {
    since: '5.10',
    async run() {
      await using pair = await connection()
      using map = SockMap.create({ name: 'sockets', maxEntries: 4 })
      map.set(1, pair.client)
      assert.equal(map.has(1), true)
      using hash = SockHash.create({ name: 'sockets', key: u32, maxEntries: 4 })
      hash.set(9, pair.client)
      assert.equal(hash.delete(9), true)
    },
  },
  'sockets of a port': {
    since: '5.10',
    run() {
      using map = ReuseportSockArray.create({ name: 'sockets', maxEntries: 4 })
      assert.equal(map.get(0), undefined)
    },
  },
  'values of sockets': {
    since: '5.10',
    async run() {
      await using pair = await connection()
      using map = SocketStorage.create({ name: 'storage', value: u64 })
      assert.equal(map.set(pair.client, 7n).get(pair.client), 7n)
    },
  },
  'ring buffer': {
    since: '5.10',
    run() {
      using ring = RingBuffer.create({ name: 'ring', event: u64, maxEntries: 4096 })
      assert.deepEqual([...ring.drain()], [])
    },
  },
  'perf events': {
    since: '5.10',
    run() {
      using events = PerfEventArray.create({ name: 'events', event: u64 })
      events.listen()
      assert.deepEqual([...events.drain()], [])
    },
  },
  'user ring buffer': {
    since: '6.1',
    run() {
      using ring = UserRingBuffer.create({ name: 'ring', event: u64, maxEntries: 4096 })
      ring.push(1n)
    },
  },
  arena: {
    since: '6.9',
    run() {
      using arena = Arena.create({ name: 'arena', maxEntries: 4 })
      const view = arena.view(u64, 64)
      view.set(5n)
      assert.equal(view.get(), 5n)
    },
  },
  'arrays in memory': {
    since: '5.10',
    run() {
      using map = ArrayMap.create({ name: 'values', value: Hits, maxEntries: 4, memoryMapped: true })
      const view = map.view()
      view.field('packets').add(2, 5n)
      assert.equal(map.get(2).packets, 5n)
    },
  },
  'reading and deleting in one step': {
    since: '5.14',
    run() {
      using map = HashMap.create(table)
      map.set(1, 9n)
      assert.equal(map.getAndDelete(1), 9n)
      assert.equal(map.has(1), false)
    },
  },
  'draining a hash map': {
    since: '5.10',
    run() {
      using map = HashMap.create(table)
      map.setAll(numbered(10))
      assert.equal([...map.drain()].length, 10)
      assert.equal([...map].length, 0)
    },
  },
  'frozen maps': {
    since: '5.10',
    run() {
      using map = HashMap.create(table)
      map.freeze()
      assert.throws(() => map.set(1, 1n))
    },
  },
  'batches of hash maps': {
    since: '5.10',
    run() {
      using hash = HashMap.create(table)
      using lru = LruHashMap.create(table)
      for (const map of [hash, lru]) checkBatches(map, { get: true, set: true, delete: true, getAndDelete: true })
    },
  },
  'batches of per-CPU hash maps': {
    since: '5.10',
    run() {
      using map = PerCpuHashMap.create(table)
      checkBatches(map, { get: true, set: true, delete: true, getAndDelete: true })
    },
  },
  'batches of arrays': {
    since: '5.10',
    run() {
      using map = ArrayMap.create({ name: 'values', value: u64, maxEntries: 4 })
      checkBatches(map, { get: true, set: true, delete: false, getAndDelete: false })
    },
  },
  'per-CPU arrays: batches from 5.13, else one by one': {
    since: '5.10',
    run() {
      using map = PerCpuArrayMap.create({ name: 'values', value: u64, maxEntries: 4 })
      checkBatches(map, { get: isKernel('5.13'), set: isKernel('5.13'), delete: false, getAndDelete: false })
      map.setAll([[1, map.get(0).map(() => 7n)]])
      assert.equal(map.get(1)[0], 7n)
    },
  },
  'LPM tries: batches from 5.13, else one by one': {
    since: '5.10',
    run() {
      using map = LpmTrieMap.create({ ...table, key: ipv4Prefix })
      const since = isKernel('5.13')
      checkBatches(map, { get: since, set: since, delete: since, getAndDelete: false })
      map.setAll([[{ prefixLength: 8, address: '10.0.0.0' }, 8n]])
      assert.equal(map.deleteAll([{ prefixLength: 8, address: '10.0.0.0' }]), 1)
    },
  },
  'all entries, with or without batches': {
    since: '5.10',
    run() {
      using hash = HashMap.create({ ...table, maxEntries: 5000 })
      using array = ArrayMap.create({ name: 'values', value: u64, maxEntries: 5000 })
      using cpus = PerCpuArrayMap.create({ name: 'values', value: u64, maxEntries: 500 })
      using trie = LpmTrieMap.create({ ...table, key: ipv4Prefix, maxEntries: 300 })
      for (const map of [hash, array]) {
        map.setAll(numbered(5000))
        assert.equal(total(map.values()), total(numbered(5000).map(([, value]) => value)))
      }
      for (let i = 0; i < 256; i++) trie.set({ prefixLength: 24, address: `10.0.${i}.0` }, 1n)
      assert.equal([...trie].length, 256)
      hash.deleteAll(numbered(4000).map(([key]) => key))
      assert.equal([...hash].length, 1000)
      // What it says it does in batches it does so, and it does without where it says so.
      return { hash: hash.batches(), array: array.batches(), 'per-CPU array': cpus.batches(), trie: trie.batches() }
    },
  },
}
export default maps

interface Batched {
  readonly raw: RawMap
  batches(): BatchSupport
}

/** What it says it does in batches the kernel does in batches, and nothing else. */
function checkBatches(map: Batched, expected: BatchSupport): void {
  const { raw } = map
  const said = map.batches()
  assert.deepEqual(said, expected)
  const keys = new Uint8Array(2 * raw.keySize)
  keys[raw.keySize] = 1
  const values = new Uint8Array(2 * raw.valueBufferSize)
  const token = new Uint8Array(Math.max(raw.keySize, 4))
  const done = (result: number) => result === 0 || result === NO_MORE
  assert.deepEqual(
    {
      set: done(raw.updateBatch(keys, values, Uint32Array.of(2))),
      get: done(raw.lookupBatch(true, token, keys, values, Uint32Array.of(2))),
      getAndDelete: done(raw.lookupAndDeleteBatch(true, token, keys, values, Uint32Array.of(2))),
      delete: done(raw.deleteBatch(keys, Uint32Array.of(1))),
    },
    said,
  )
}

/** -ENOENT: that was the last entry, or there was none of that key. */
const NO_MORE = -2

const numbered = (count: number) => Array.from({ length: count }, (_, i): [number, bigint] => [i, BigInt(i)])
const total = (values: Iterable<bigint>) => [...values].reduce((left, right) => left + right, 0n)
