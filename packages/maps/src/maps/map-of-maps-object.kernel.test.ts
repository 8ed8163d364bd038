import { load } from '@millrace/core'
import { loadAgain } from '@millrace/core/internal'
import { describe, expect, test } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { mapOfMaps as object } from '../../test/generated/map-of-maps.bpf.js'
import { ring, table } from '../../test/inner-tables.js'
import { ArrayOfMaps, HashMap, u64 } from '../index.js'

const bpffs = useBpffs()

describe('maps of maps of an object file', () => {
  test('are typed, and filled by the C', async () => {
    using loaded = await load(object)
    const { tables, first, second } = loaded.maps
    expect([...tables.ids()]).toEqual([
      [0, first.id],
      [2, second.id],
    ])
    const gateway = (tenant: number, network: number) => {
      const data = new Uint8Array(64)
      const view = new DataView(data.buffer)
      view.setUint32(0, tenant, true)
      view.setUint32(4, network, true)
      return loaded.programs.findGateway.testRun({ data }).returnValue
    }
    second.set(10, { gateway: 1001, metric: 1 })
    expect([gateway(2, 10), gateway(2, 11), gateway(0, 10), gateway(1, 10)]).toEqual([1001, 0, 0, 0])
    using fresh = tables.createInner({ maxEntries: 1000 })
    tables.set(2, fresh.set(11, { gateway: 2002, metric: 1 }))
    expect([gateway(2, 10), gateway(2, 11)]).toEqual([0, 2002])
    tables.delete(2)
    expect(gateway(2, 11)).toBe(0)
    expect(second.get(10)).toEqual({ gateway: 1001, metric: 1 })
  })

  test('that are pinned keep what they hold: the C fills those that are made', async () => {
    const maps = { tables: { pin: `${bpffs.path}/tables-of-c` } }
    let before: [number, number][] = []
    {
      using loaded = await load(object, { maps })
      const { tables } = loaded.maps
      using fresh = tables.createInner()
      tables.set(0, fresh).delete(2)
      before = [...tables.ids()]
      expect(before).toEqual([[0, fresh.id]])
    }
    using again = await load(object, { maps })
    expect([...again.maps.tables.ids()]).toEqual(before)
  })

  test('are shared by a program that is loaded again, or its own and filled anew', async () => {
    using loaded = await load(object)
    const { tables, first, second } = loaded.maps
    const data = new Uint8Array(64)
    using shared = loadAgain(loaded.programs.findGateway)
    tables.delete(0)
    second.set(0, { gateway: 7, metric: 1 })
    first.set(0, { gateway: 5, metric: 1 })
    expect(shared.program.testRun({ data }).returnValue).toBe(0)
    data[0] = 2
    expect(shared.program.testRun({ data }).returnValue).toBe(7)
    using own = loadAgain(loaded.programs.findGateway, { own: ['tables'] })
    data[0] = 0
    expect(own.program.testRun({ data }).returnValue).toBe(5)
  })

  test('are compared with their module, inner maps included', async () => {
    const { tables, rings } = object.maps
    const inner = HashMap.spec({ name: 'inner', key: u64, value: u64, maxEntries: 9 })
    const stale = { ...object, maps: { tables: { ...tables, inner }, rings: { ...rings, inner: table } } }
    const what = 'map tables, inner map'
    await expect(load(stale)).rejects.toMatchObject({
      code: 'ERR_STALE_MODULE',
      differences: expect.arrayContaining([
        { what: `${what}, flags`, object: '1', module: '0' },
        { what: `${what}, entries`, object: '8', module: '9' },
        { what: `${what}, key, type`, object: 'u32 @0', module: 'u64 @0' },
        { what: `${what}, value, field gateway`, object: 'u32 @0', module: undefined },
        { what: 'map rings, inner map, type', object: 'array', module: 'hash' },
      ]),
    })
    const notOuter = { ...object, maps: { first: { ...object.maps.first, inner: table } } }
    await expect(load(notOuter)).rejects.toMatchObject({
      differences: [{ what: 'map first, inner map', object: undefined, module: 'hash' }],
    })
  })

  test('may be pinned, and are refused when what is pinned holds other maps', async () => {
    const pin = `${bpffs.path}/rings`
    const maps = { rings: { pin } }
    {
      using loaded = await load(object, { maps })
      using ring = loaded.maps.rings.createInner()
      loaded.maps.rings.set(0, ring.set(0, 5n))
    }
    {
      using again = await load(object, { maps })
      using ring = again.maps.rings.get(0)
      expect(ring?.get(0)).toBe(5n)
      again.maps.rings.unpin(pin)
    }
    using other = ArrayOfMaps.create({ name: 'rings', maxEntries: 8, inner: { ...ring, maxEntries: 32 } })
    using inner = other.createInner()
    other.set(0, inner).pin(pin)
    await expect(load(object, { maps })).rejects.toMatchObject({
      code: 'ERR_MAP_INCOMPATIBLE',
      differences: [{ field: 'inner maxEntries', pinned: 32, wanted: 16 }],
    })
  })
})
