import { load } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { maps as object } from '../../test/generated/maps.bpf.js'
import { bytes, ipv4, ipv4Prefix, ipv6Prefix, LpmTrieMap, struct, u32 } from '../index.js'

const host = (address: string) => ({ prefixLength: 32, address })

describe('an LpmTrieMap', () => {
  test('finds the longest prefix that contains an address', () => {
    using routes = LpmTrieMap.create({ name: 'routes', key: ipv4Prefix, value: u32, maxEntries: 16 })
    routes
      .set({ prefixLength: 0, address: '0.0.0.0' }, 1)
      .set({ prefixLength: 8, address: '10.0.0.0' }, 2)
      .set({ prefixLength: 24, address: '10.1.2.0' }, 3)
      .set(host('10.1.2.3'), 4)
    expect(routes.get(host('192.0.2.1'))).toBe(1)
    expect(routes.get(host('10.9.9.9'))).toBe(2)
    expect(routes.get(host('10.1.2.9'))).toBe(3)
    expect(routes.get(host('10.1.2.3'))).toBe(4)
    expect(routes.get({ prefixLength: 16, address: '10.1.0.0' })).toBe(2)
    expect(routes.has(host('10.1.2.3'))).toBe(true)

    expect(routes.delete({ prefixLength: 24, address: '10.1.2.0' })).toBe(true)
    expect(routes.delete({ prefixLength: 24, address: '10.1.2.0' })).toBe(false)
    expect(routes.get(host('10.1.2.9'))).toBe(2)
    expect(routes.delete({ prefixLength: 0, address: '0.0.0.0' })).toBe(true)
    expect(routes.get(host('192.0.2.1'))).toBeUndefined()
    expect(routes.has(host('192.0.2.1'))).toBe(false)
    routes.clear()
    expect([...routes]).toEqual([])
  })

  test('of IPv6 prefixes', () => {
    using routes = LpmTrieMap.create({ name: 'routes6', key: ipv6Prefix, value: u32, maxEntries: 16 })
    routes.set({ prefixLength: 32, address: '2001:db8::' }, 1).set({ prefixLength: 64, address: '2001:db8:0:1::' }, 2)
    expect(routes.get({ prefixLength: 128, address: '2001:db8:0:1::7' })).toBe(2)
    expect(routes.get({ prefixLength: 128, address: '2001:db8:7::' })).toBe(1)
    expect(routes.get({ prefixLength: 128, address: '2001:db9::' })).toBeUndefined()
    expect(() => routes.set({ prefixLength: 129, address: '::' }, 1)).toThrow('at most 128 bits')
  })

  test('keeps bits behind the length as they were given, without counting them', () => {
    using routes = LpmTrieMap.create({ name: 'routes', key: ipv4Prefix, value: u32, maxEntries: 16 })
    routes.set({ prefixLength: 8, address: '10.1.2.3' }, 1)
    expect([...routes]).toEqual([[{ prefixLength: 8, address: '10.1.2.3' }, 1]])
    routes.set({ prefixLength: 8, address: '10.0.0.0' }, 2)
    expect([...routes]).toEqual([[{ prefixLength: 8, address: '10.0.0.0' }, 2]])
    expect(routes.delete({ prefixLength: 8, address: '10.255.0.0' })).toBe(true)
  })

  test('refuses a prefix that is longer than its address', () => {
    using routes = LpmTrieMap.create({ name: 'routes', key: ipv4Prefix, value: u32, maxEntries: 16 })
    const key = { prefixLength: 33, address: '10.0.0.0' }
    const tooLong = expect.objectContaining({ code: 'ERR_ARGUMENT', argument: 'key', value: key })
    for (const use of [
      () => routes.get(key),
      () => routes.set(key, 1),
      () => routes.delete(key),
      () => routes.has(key),
    ]) {
      expect(use).toThrow(tooLong)
    }
  })

  test('tells that it is full, that a prefix exists, that it does not', () => {
    using routes = LpmTrieMap.create({ name: 'routes', key: ipv4Prefix, value: u32, maxEntries: 1 })
    routes.set(host('10.0.0.1'), 1, 'create')
    expect(() => routes.set(host('10.0.0.1'), 1, 'create')).toThrow(expect.objectContaining({ code: 'ERR_KEY_EXISTS' }))
    expect(() => routes.set(host('10.0.0.2'), 1, 'replace')).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_MISSING' }),
    )
    expect(() => routes.set(host('10.0.0.2'), 1)).toThrow(
      expect.objectContaining({ code: 'ERR_MAP_FULL', map: 'routes', operation: 'set' }),
    )
  })

  test('of keys that are no addresses, and of odd sizes', () => {
    const Word = struct({ prefixLength: u32, bits: bytes(3) }, { packed: true })
    using words = LpmTrieMap.create({ name: 'words', key: Word, value: bytes(3), maxEntries: 16 })
    words.set({ prefixLength: 20, bits: Uint8Array.of(1, 2, 0x30) }, Uint8Array.of(7, 8, 9))
    expect(words.get({ prefixLength: 24, bits: Uint8Array.of(1, 2, 0x3f) })).toEqual(Uint8Array.of(7, 8, 9))
    expect(words.get({ prefixLength: 24, bits: Uint8Array.of(1, 2, 0x40) })).toBeUndefined()
    expect(() => words.get({ prefixLength: 25, bits: new Uint8Array(3) })).toThrow('at most 24 bits')
  })

  test('of a key that has no place for a prefix cannot be made', () => {
    const options = { name: 'routes', value: u32, maxEntries: 16 }
    expect(() => LpmTrieMap.create({ ...options, key: ipv4 })).toThrow()
  })
})

test('a program finds the prefixes that were set', async () => {
  using loaded = await load(object)
  const { routes } = loaded.maps
  routes.set({ prefixLength: 8, address: '10.0.0.0' }, 1)
  const verdict = (...address: number[]) => {
    const data = new Uint8Array(64)
    data.set(address)
    return loaded.programs.route.testRun({ data }).returnValue
  }
  expect(verdict(10, 1, 2, 3)).toBe(1)
  expect(verdict(11, 1, 2, 3)).toBe(2)
  routes.delete({ prefixLength: 8, address: '10.0.0.0' })
  expect(verdict(10, 1, 2, 3)).toBe(2)
})
