import { createSocket } from 'node:dgram'
import { createServer, Socket } from 'node:net'
import type { LoadedMaps, Program } from '@millrace/core'
import { describe, expectTypeOf, test } from 'vitest'
import type { Event, Flow, Hits, maps as object } from '../../test/generated/maps.bpf.js'
import {
  Arena,
  ArrayMap,
  array,
  type BpfMap,
  type EventBatch,
  HashMap,
  ipv4,
  ipv4Prefix,
  LpmTrieMap,
  LruHashMap,
  PerCpuArrayMap,
  PerCpuHashMap,
  PerfEventArray,
  ProgramArray,
  RingBuffer,
  SockHash,
  SockMap,
  struct,
  sum,
  UserRingBuffer,
  u16be,
  u32,
  u64,
} from '../index.js'

const Endpoint = struct({ address: ipv4, port: u16be })
type Endpoint = { address: string; port: number }

declare const xdp: Program<'xdp'>
declare const tc: Program<'sched_cls'>
declare const loaded: LoadedMaps<typeof object>

describe('a HashMap', () => {
  const map = HashMap.create({ name: 'requests', key: Endpoint, value: u64, maxEntries: 16 })
  const key = { address: '192.0.2.1', port: 443 }

  test('takes and gives many entries with the types of one', () => {
    map.setAll([[key, 1n]])
    map.setAll(new Map([[key, 1n]]))
    // @ts-expect-error a number where a bigint belongs
    map.setAll([[key, 1]])
    // @ts-expect-error keys alone
    map.setAll([key])
    expectTypeOf(map.deleteAll([key])).toEqualTypeOf<number>()
    // @ts-expect-error a field is missing
    map.deleteAll([{ address: '192.0.2.1' }])
    expectTypeOf(map.drain()).toEqualTypeOf<[Endpoint, bigint][]>()
    const array = ArrayMap.create({ name: 'array', value: u64, maxEntries: 16 })
    // @ts-expect-error an array keeps its entries
    array.deleteAll([1])
    // @ts-expect-error so there is nothing to take
    array.drain()
  })

  test('has the types of its codecs', () => {
    expectTypeOf(map).toEqualTypeOf<HashMap<Endpoint, bigint>>()
    expectTypeOf(map.get(key)).toEqualTypeOf<bigint | undefined>()
    expectTypeOf(map.getAndDelete(key)).toEqualTypeOf<bigint | undefined>()
    expectTypeOf([...map]).toEqualTypeOf<[Endpoint, bigint][]>()
    expectTypeOf([...map.keys()]).toEqualTypeOf<Endpoint[]>()
    expectTypeOf([...map.values()]).toEqualTypeOf<bigint[]>()
    expectTypeOf(map).toExtend<BpfMap<Endpoint, bigint>>()
    expectTypeOf(map).toExtend<Disposable>()
  })

  test('refuses a wrong key', () => {
    // @ts-expect-error: a string is no struct
    map.get('192.0.2.1')
    // @ts-expect-error: a field is missing
    map.get({ address: '192.0.2.1' })
    // @ts-expect-error: a field is of another type
    map.get({ address: '192.0.2.1', port: '443' })
    // @ts-expect-error: a field is misspelt
    map.delete({ adress: '192.0.2.1', port: 443 })
  })

  test('refuses a wrong value', () => {
    // @ts-expect-error: u64 is a bigint
    map.set(key, 1)
    // @ts-expect-error: the value is missing
    map.set(key)
  })

  test('refuses a wrong mode, option or policy', () => {
    map.set(key, 1n, 'create')
    // @ts-expect-error: there is no such mode
    map.set(key, 1n, 'insert')
    map.entries({ onConcurrentChange: 'throw' })
    // @ts-expect-error: there is no such policy
    map.entries({ onConcurrentChange: 'ignore' })
    // @ts-expect-error: an option is misspelt
    HashMap.create({ name: 'm', key: u32, value: u32, maxEntrys: 16 })
    // @ts-expect-error: the values need a codec
    HashMap.create({ name: 'm', key: u32, maxEntries: 16 })
    // @ts-expect-error: an LRU table has no such option
    LruHashMap.create({ name: 'm', key: u32, value: u32, maxEntries: 16, preallocate: false })
    // @ts-expect-error: the access is misspelt
    HashMap.open('/sys/fs/bpf/m', { key: u32, value: u32, access: 'readonly' })
  })
})

describe('an Arena', () => {
  const arena = Arena.create({ name: 'arena', maxEntries: 1 })

  test('has values of any type, and pointers that are bigints', () => {
    expectTypeOf(arena.view(Endpoint, 0).get()).toEqualTypeOf<Endpoint>()
    expectTypeOf(arena.view(u64, 0).add(1n)).toEqualTypeOf<bigint>()
    expectTypeOf(arena.array(u32, { length: 4 }).get(0)).toEqualTypeOf<number>()
    expectTypeOf(arena.offset(arena.pointer(8))).toEqualTypeOf<number>()
    // @ts-expect-error: it has no keys
    arena.get(0)
    // @ts-expect-error: an address is a bigint
    Arena.create({ name: 'arena', maxEntries: 1, address: 4096 })
  })
})

describe('an ArrayMap', () => {
  const map = ArrayMap.create({ name: 'limits', value: Endpoint, maxEntries: 16 })

  test('is of indexes, and always has a value', () => {
    expectTypeOf(map).toEqualTypeOf<ArrayMap<Endpoint>>()
    expectTypeOf(map.get(0)).toEqualTypeOf<Endpoint>()
    expectTypeOf([...map]).toEqualTypeOf<[number, Endpoint][]>()
  })

  test('has a view of its values', () => {
    const view = map.view()
    expectTypeOf(view.get(0)).toEqualTypeOf<Endpoint>()
    expectTypeOf([...view]).toEqualTypeOf<Endpoint[]>()
    view.set(0, { address: '192.0.2.1', port: 443 }).at(0).port = 80
    expectTypeOf(view.at(0).address).toEqualTypeOf<string>()
    expectTypeOf(view.field('port').add(0, 1)).toEqualTypeOf<number>()
    // @ts-expect-error: there is no such field
    view.field('ports')
    // @ts-expect-error: a struct is not added to
    view.add(0, { address: '192.0.2.1', port: 443 })
    // @ts-expect-error: nor a string
    view.field('address').add(0, '192.0.2.1')
    // @ts-expect-error: a port is a number
    view.at(0).port = '80'
    const histograms = ArrayMap.create({ name: 'h', value: struct({ counts: array(u64, 4) }), maxEntries: 1 }).view()
    expectTypeOf(histograms.at(0).counts.add(2, 1n)).toEqualTypeOf<bigint>()
    expectTypeOf(histograms.field('counts').field(2).load(0)).toEqualTypeOf<bigint>()
    // @ts-expect-error: of 64 bits
    histograms.field('counts').field(2).add(0, 1)
    // @ts-expect-error: the kernel maps no per-CPU values
    PerCpuArrayMap.create({ name: 'counters', value: u32, maxEntries: 16, memoryMapped: true })
  })

  test('has no delete and no modes', () => {
    // @ts-expect-error: an array's values are there for good
    map.delete(0)
    // @ts-expect-error: the same
    map.getAndDelete(0)
    // @ts-expect-error: every index exists
    map.set(0, { address: '192.0.2.1', port: 443 }, 'create')
    // @ts-expect-error: an index is a number
    map.get('0')
    // @ts-expect-error: keys need no codec
    ArrayMap.create({ name: 'limits', key: u32, value: u32, maxEntries: 16 })
  })
})

describe('per-CPU maps', () => {
  const counters = PerCpuArrayMap.create({ name: 'counters', value: u64, maxEntries: 16 })
  const hits = PerCpuHashMap.create({ name: 'hits', key: ipv4, value: Endpoint, maxEntries: 16 })

  test('have arrays of values', () => {
    expectTypeOf(counters.get(0)).toEqualTypeOf<bigint[]>()
    expectTypeOf(hits.get('192.0.2.1')).toEqualTypeOf<Endpoint[] | undefined>()
    expectTypeOf(sum(counters.get(0))).toEqualTypeOf<bigint>()
    counters.fill(0, 1n)
    // @ts-expect-error: a value for each CPU
    counters.set(0, 1n)
    // @ts-expect-error: one value for all CPUs
    counters.fill(0, [1n])
    // @ts-expect-error: a trie's method, or a hash table's
    counters.delete(0)
  })

  test('sum is of numbers and bigints only', () => {
    expectTypeOf(sum([{ packets: 1n, size: 2 }])).toEqualTypeOf<{ packets: bigint; size: number }>()
    // @ts-expect-error: addresses cannot be added
    sum([{ address: '192.0.2.1' }])
    // @ts-expect-error: nor strings
    sum(['1'])
  })
})

describe('an LpmTrieMap', () => {
  test('has no getAndDelete, which no kernel has', () => {
    const routes = LpmTrieMap.create({ name: 'routes', key: ipv4Prefix, value: u32, maxEntries: 16 })
    expectTypeOf(routes).toEqualTypeOf<LpmTrieMap<{ prefixLength: number; address: string }, number>>()
    // @ts-expect-error: not in any kernel
    routes.getAndDelete({ prefixLength: 8, address: '10.0.0.0' })
    // @ts-expect-error: not '10.0.0.0/8'
    routes.set('10.0.0.0/8', 1)
  })
})

describe('a ProgramArray', () => {
  test('takes programs of its kind', () => {
    const stages = ProgramArray.create({ name: 'stages', programType: 'xdp', maxEntries: 16 })
    expectTypeOf(stages).toEqualTypeOf<ProgramArray<'xdp'>>()
    expectTypeOf(stages.get(0)).toEqualTypeOf<number | undefined>()
    stages.set(0, xdp)
    // @ts-expect-error: a tc program in an array for XDP
    stages.set(0, tc)
    // @ts-expect-error: an id is no program
    stages.set(0, 7)
    // @ts-expect-error: there is no such kind
    ProgramArray.create({ name: 'stages', programType: 'xpd', maxEntries: 16 })
  })
})

describe('maps of sockets', () => {
  const peers = SockMap.create({ name: 'peers', maxEntries: 2 })
  const clients = SockHash.create({ name: 'clients', key: Endpoint, maxEntries: 16 })
  const key = { address: '192.0.2.1', port: 443 }

  test('take sockets and give cookies', () => {
    expectTypeOf(clients).toEqualTypeOf<SockHash<Endpoint>>()
    expectTypeOf(peers.get(0)).toEqualTypeOf<bigint | undefined>()
    expectTypeOf([...peers]).toEqualTypeOf<[number, bigint][]>()
    expectTypeOf([...clients.keys()]).toEqualTypeOf<Endpoint[]>()
    peers.set(0, 3).set(1, new Socket(), 'create')
    clients.set(key, createServer())
    // @ts-expect-error: Node.js does not tell the descriptor of a UDP socket
    peers.set(0, createSocket('udp4'))
    // @ts-expect-error: a cookie is for reading
    peers.set(0, 1n)
    // @ts-expect-error: an index is a number
    peers.get(key)
    // @ts-expect-error: a key is what its codec says
    clients.get(0)
    // @ts-expect-error: sockets need no codec
    SockMap.create({ name: 'peers', value: u64, maxEntries: 2 })
    // @ts-expect-error: what programs may do with sockets cannot be restricted
    SockMap.create({ name: 'peers', maxEntries: 2, programAccess: 'read-only' })
  })
})

describe('a RingBuffer', () => {
  test('gives events', () => {
    const ring = RingBuffer.create({ name: 'drops', event: Endpoint, maxEntries: 4096 })
    expectTypeOf(ring).toEqualTypeOf<RingBuffer<Endpoint>>()
    expectTypeOf(ring.drain()).toEqualTypeOf<Endpoint[]>()
    expectTypeOf(ring.events()).toExtend<AsyncIterable<Endpoint>>()
    expectTypeOf(ring.events()).toEqualTypeOf<AsyncGenerator<Endpoint, void, undefined>>()
    expectTypeOf(ring.drainBatch()).toEqualTypeOf<EventBatch<Endpoint> | undefined>()
    expectTypeOf(ring.batches()).toEqualTypeOf<AsyncGenerator<EventBatch<Endpoint>, void, undefined>>()
    expectTypeOf([...(ring.drainBatch() ?? [])]).toEqualTypeOf<Readonly<Endpoint>[]>()
    expectTypeOf(ring.overruns()).toEqualTypeOf<bigint>()
    expectTypeOf(ring.overrunsPerCpu()).toEqualTypeOf<bigint[]>()
    // @ts-expect-error: not a signal
    ring.events({ signal: 5 })
    // @ts-expect-error: a ring buffer has no keys
    ring.get(0)
    // @ts-expect-error: a ring buffer has events, not values
    RingBuffer.create({ name: 'drops', value: Endpoint, maxEntries: 4096 })
  })
})

describe('a PerfEventArray', () => {
  test('gives events', () => {
    const samples = PerfEventArray.create({ name: 'samples', event: Endpoint })
    expectTypeOf(samples).toEqualTypeOf<PerfEventArray<Endpoint>>()
    expectTypeOf(samples.listen({ bytesPerCpu: 4096 })).toEqualTypeOf<PerfEventArray<Endpoint>>()
    expectTypeOf(samples.drain()).toEqualTypeOf<Endpoint[]>()
    expectTypeOf(samples.lostPerCpu()).toEqualTypeOf<readonly bigint[]>()
    // @ts-expect-error: the kernel counts, nobody else
    PerfEventArray.create({ name: 'samples', event: Endpoint, overruns: samples })
    // @ts-expect-error: what it holds are rings
    samples.get(0)
  })
})

describe('a UserRingBuffer', () => {
  test('takes events', () => {
    const commands = UserRingBuffer.create({ name: 'commands', event: Endpoint, maxEntries: 4096 })
    expectTypeOf(commands).toEqualTypeOf<UserRingBuffer<Endpoint>>()
    expectTypeOf(commands.push({ address: '192.0.2.1', port: 1 })).toEqualTypeOf<UserRingBuffer<Endpoint>>()
    expectTypeOf(commands.tryPush({ address: '192.0.2.1', port: 1 })).toEqualTypeOf<boolean>()
    // @ts-expect-error: an event is what its codec says
    commands.push({ address: '192.0.2.1' })
    // @ts-expect-error: programs take them out
    commands.drain()
  })
})

describe('maps of a loaded object', () => {
  test('have the types of its module', () => {
    expectTypeOf(loaded.flows).toEqualTypeOf<HashMap<Flow, Hits>>()
    expectTypeOf(loaded.totals).toEqualTypeOf<PerCpuArrayMap<Hits>>()
    expectTypeOf(loaded.routes).toEqualTypeOf<LpmTrieMap<{ prefixLength: number; address: string }, number>>()
    expectTypeOf(loaded.events).toEqualTypeOf<RingBuffer<Event>>()
    loaded.stages.set(0, xdp)
    // @ts-expect-error: there is no such map
    loaded.flow
    // @ts-expect-error: packets are bigints
    loaded.flows.set({ source: '192.0.2.1', sourcePort: 1, protocol: 6 }, { packets: 1, bytes: 1n })
  })
})
