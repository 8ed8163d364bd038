import type { RawMap } from '@millrace/core'
import { errno } from '@millrace/core/internal'
import { describe, expect, test } from 'vitest'
import { withCalls } from '../../test/older-kernel.js'
import { ArrayMap, HashMap, ipv4Prefix, LpmTrieMap, PerCpuArrayMap, u32, u64 } from '../index.js'

const range = (count: number) => Array.from({ length: count }, (_, i) => i)
const codecs = { key: u32, value: u64 }

/** What a kernel answers that does not have batches for a kind of map, which has been one of these. */
describe.each(['ENOTSUPP', 'EOPNOTSUPP', 'EINVAL'] as const)('a kernel without batches, which says %s', (name) => {
  const refused = () => -errno[name]
  const older = (raw: RawMap) => withCalls(raw, { lookupBatch: refused, updateBatch: refused, deleteBatch: refused })

  test('reads and clears a hash table key by key', () => {
    using created = HashMap.create({ name: 'entries', ...codecs, maxEntries: 500 })
    const map = HashMap.from(older(created.raw), codecs)
    for (const i of range(500)) map.set(i, BigInt(i))
    expect([...map].sort(([a], [b]) => a - b)).toEqual(range(500).map((i) => [i, BigInt(i)]))
    map.clear()
    expect([...created]).toEqual([])
  })

  test('reads and clears a trie key by key', () => {
    using created = LpmTrieMap.create({ name: 'trie', key: ipv4Prefix, value: u32, maxEntries: 300 })
    const map = LpmTrieMap.from(older(created.raw), { key: ipv4Prefix, value: u32 })
    for (const i of range(300)) map.set({ prefixLength: 32, address: `10.0.${i >> 8}.${i & 255}` }, i)
    expect([...map.values()].sort((a, b) => a - b)).toEqual(range(300))
    map.clear()
    expect([...created]).toEqual([])
  })

  test('deletes from a trie while it reads it, and loses nothing', () => {
    using created = LpmTrieMap.create({ name: 'trie', key: ipv4Prefix, value: u32, maxEntries: 300 })
    const trie = LpmTrieMap.from(older(created.raw), { key: ipv4Prefix, value: u32 })
    const host = (i: number) => ({ prefixLength: 32, address: `10.0.${i >> 8}.${i & 255}` })
    for (const i of range(300)) trie.set(host(i), i)
    const seen: number[] = []
    for (const i of trie.values()) {
      seen.push(i)
      if (i % 10 === 5) trie.delete(host(i))
      // What it reads next: the kernel starts over.
      if (i % 100 === 0) trie.delete(host(i + 1))
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(range(300).filter((i) => i % 100 !== 1 && !seen.includes(i))).toEqual([])
  })

  test('reads and clears arrays index by index', () => {
    using created = ArrayMap.create({ name: 'array', value: u64, maxEntries: 300 })
    const map = ArrayMap.from(older(created.raw), { value: u64 })
    for (const i of range(300)) map.set(i, BigInt(i))
    expect([...map]).toEqual(range(300).map((i) => [i, BigInt(i)]))
    map.clear()
    expect([...created.values()]).toEqual(range(300).map(() => 0n))
    using counters = PerCpuArrayMap.create({ name: 'counters', value: u64, maxEntries: 3 })
    const perCpu = PerCpuArrayMap.from(older(counters.raw), { value: u64 })
    expect([...perCpu.fill(2, 1n).keys()]).toEqual([0, 1, 2])
    perCpu.clear()
    expect(counters.get(2)).toEqual(range(perCpu.cpus).map(() => 0n))
  })

  test('has no getAndDelete, and nothing is deleted instead', () => {
    using created = HashMap.create({ name: 'entries', ...codecs, maxEntries: 8 })
    const map = HashMap.from(withCalls(created.raw, { lookupAndDeleteEntry: refused }), codecs).set(1, 7n)
    expect(() => map.getAndDelete(1)).toThrow(
      expect.objectContaining({
        code: 'ERR_UNSUPPORTED_KERNEL',
        feature: 'getAndDelete of a hash map',
        needed: '5.14',
      }),
    )
    expect(map.get(1)).toBe(7n)
  })
})

describe('a kernel that is interrupted while it reads a batch, as before Linux 6.14', () => {
  test('is asked to go on', () => {
    using created = LpmTrieMap.create({ name: 'trie', key: ipv4Prefix, value: u32, maxEntries: 1000 })
    for (const i of range(1000)) created.set({ prefixLength: 32, address: `10.0.${i >> 8}.${i & 255}` }, i)
    let calls = 0
    const raw = withCalls(created.raw, {
      lookupBatch(first, token, keys, values, count) {
        const result = created.raw.lookupBatch(first, token, keys, values, count)
        return result === 0 && ++calls === 1 ? -errno.EINTR : result
      },
    })
    const map = LpmTrieMap.from(raw, { key: ipv4Prefix, value: u32 })
    expect([...map.values()].sort((a, b) => a - b)).toEqual(range(1000))
    expect(calls).toBeGreaterThan(0)
  })

  test('is not asked for ever', () => {
    using created = HashMap.create({ name: 'entries', ...codecs, maxEntries: 8 })
    const always = (result: number): RawMap['lookupBatch'] => {
      return (_first, _token, _keys, _values, count) => {
        count[0] = 0
        return result
      }
    }
    const interrupted = HashMap.from(withCalls(created.raw, { lookupBatch: always(-errno.EINTR) }), codecs)
    expect(() => [...interrupted]).toThrow(expect.objectContaining({ code: 'ERR_MAP_OPERATION', errnoName: 'EINTR' }))
    const bottomless = HashMap.from(withCalls(created.raw, { lookupBatch: always(-errno.ENOSPC) }), codecs)
    expect(() => [...bottomless]).toThrow(expect.objectContaining({ code: 'ERR_MAP_CHANGED', errnoName: 'ENOSPC' }))
  })
})
