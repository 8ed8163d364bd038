import { describe, expect, it } from 'vitest'
import { layoutDifferences } from './layout-difference.js'

const hits = ['size 16', 'packets u64 @0', 'bytes u64 @64']

describe('layoutDifferences', () => {
  it('is empty for equal layouts', () => {
    expect(layoutDifferences('value', hits, [...hits])).toEqual([])
  })

  it('names each field that moved, changed its type, came or went', () => {
    const module = ['size 24', 'packets u32 @0', 'drops u64 @64', 'bytes u64 @128']
    expect(layoutDifferences('map blocked, value', hits, module)).toEqual([
      { what: 'map blocked, value, size', object: '16', module: '24' },
      { what: 'map blocked, value, field packets', object: 'u64 @0', module: 'u32 @0' },
      { what: 'map blocked, value, field bytes', object: 'u64 @64', module: 'u64 @128' },
      { what: 'map blocked, value, field drops', object: undefined, module: 'u64 @64' },
    ])
  })

  it('speaks of the type where there are no fields', () => {
    expect(layoutDifferences('key', ['size 4', '* u32 @0'], ['size 4', '* be32 @0'])).toEqual([
      { what: 'key, type', object: 'u32 @0', module: 'be32 @0' },
    ])
  })

  it('sees bit-fields that swapped places, and members of anonymous unions of one name', () => {
    expect(layoutDifferences('value', ['size 1', 'a u3 @0', 'b u5 @3'], ['size 1', 'a u3 @5', 'b u5 @0'])).toHaveLength(
      2,
    )
    expect(layoutDifferences('value', ['size 4', 'x u8 @0', 'x u8 @8'], ['size 4', 'x u8 @0', 'x u16 @8'])).toEqual([
      { what: "value, field x'", object: 'u8 @8', module: 'u16 @8' },
    ])
  })

  it('lists everything when one side has no layout', () => {
    expect(layoutDifferences('event', undefined, hits).map(({ object }) => object)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(layoutDifferences('event', null, [])).toEqual([])
  })
})
