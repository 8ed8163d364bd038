import { ArgumentError, RawMap } from '@millrace/core'
import { afterAll, describe, expect, it } from 'vitest'
import * as maps from '../index.js'

/** What a caller without a compiler may pass by mistake. */
const junk: readonly unknown[] = [null, Number.NaN, 1n, '', true, [], {}, () => {}, { raw: 1 }, { name: 'x', more: 1 }]

/** As a caller without a compiler sees the maps of interfaces, processors and sockets. */
interface Untyped {
  readonly name: string
  create(...args: unknown[]): Disposable & { set(...args: unknown[]): unknown; delete(...args: unknown[]): unknown }
  open(...args: unknown[]): Disposable
  from(...args: unknown[]): Disposable
}

const kinds = [
  [maps.DevMap, { maxEntries: 2 }],
  [maps.DevMapHash, { maxEntries: 2 }],
  [maps.CpuMap, { maxEntries: 2 }],
  [maps.XskMap, { maxEntries: 2 }],
  [maps.ReuseportSockArray, { maxEntries: 2 }],
  [maps.SocketStorage, { value: maps.struct({ packets: maps.u64 }) }],
] as const

describe.each(kinds.map(([kind, options]) => [kind as unknown as Untyped, options as object] as const))(
  '%o',
  (kind, options) => {
    const raw = RawMap.create({ type: 'hash', name: 'raw', keySize: 4, valueSize: 8, maxEntries: 1 })
    const map = kind.create({ name: 'plain', ...options })
    afterAll(() => {
      raw.close()
      map[Symbol.dispose]()
    })

    it.each(junk)('refuses %o as options, map, key and value', (value) => {
      expect(() => kind.create(value)).toThrow(ArgumentError)
      expect(() => kind.from(value, options)).toThrow(/^raw is .*, expected a RawMap/)
      expect(() => map.set(value, value)).toThrow(ArgumentError)
      expect(() => map.set(0, value)).toThrow(ArgumentError)
      expect(() => map.delete(value)).toThrow(ArgumentError)
    })

    it('refuses a map of another kind', () => {
      expect(() => kind.from(raw, options)).toThrow(expect.objectContaining({ code: 'ERR_MAP_INCOMPATIBLE' }))
    })

    it('refuses an option that it does not have', () => {
      expect(() => kind.create({ name: 'plain', ...options, memoryMapped: true })).toThrow(ArgumentError)
      expect(() => kind.open('/nowhere', { ...options, more: 1 })).toThrow(ArgumentError)
    })
  },
)
