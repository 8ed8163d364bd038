import { describe, expect, it } from 'vitest'
import type { NativeObject } from '../binding.js'
import type { Codec } from '../codec.js'
import { StaleModuleError } from '../errors/index.js'
import type { MapSpec, ObjectSpec } from '../spec.js'
import { checkNotStale } from './stale-check.js'

const u32 = ['size 4', '* u32 @0']
const u64 = ['size 8', '* u64 @0']
const codec = (layout: readonly string[]): Codec<unknown> => ({
  size: 8,
  alignment: 8,
  layout,
  encode() {},
  decode: () => 0,
})

const object: NativeObject = {
  handle: 1,
  maps: [
    {
      name: 'blocked',
      type: 1,
      keySize: 4,
      valueSize: 8,
      maxEntries: 16,
      flags: 0,
      pinPath: null,
      isInternal: false,
      isFilled: false,
      key: u32,
      value: u64,
    },
    {
      name: 'drops',
      type: 27,
      keySize: 0,
      valueSize: 0,
      maxEntries: 4096,
      flags: 0,
      pinPath: null,
      isInternal: false,
      isFilled: false,
      key: null,
      value: null,
    },
  ],
  programs: [{ name: 'filter', section: 'xdp', type: 6, attachType: 37, autoload: true, flags: 0 }],
  variables: [
    { name: 'verdict', section: '.rodata', offset: 0, size: 4, layout: u32 },
    { name: 'seen', section: '.bss', offset: 8, size: 8, layout: u64 },
    { name: '__event_of_drops', section: '.millrace', offset: 0, size: 8, layout: ['size 4', 'reason u32 @0'] },
  ],
}

const map = (spec: Omit<MapSpec<unknown>, 'wrap'>): MapSpec<unknown> => ({ ...spec, wrap: (raw) => raw })
const spec: ObjectSpec = {
  name: 'firewall',
  file: 'firewall.bpf.o',
  maps: {
    blocked: map({ name: 'blocked', type: 'hash', maxEntries: 16, key: codec(u32), value: codec(u64) }),
    drops: map({ name: 'drops', type: 'ringbuf', maxEntries: 4096, event: codec(['size 4', 'reason u32 @0']) }),
  },
  programs: { filter: { name: 'filter', type: 'xdp', section: 'xdp' } },
  constants: { verdict: { name: 'verdict', section: '.rodata', offset: 0, codec: codec(u32) } },
  variables: { seen: { name: 'seen', section: '.bss', offset: 8, codec: codec(u64) } },
}

function differences(changed: Partial<ObjectSpec>, native: NativeObject = object): string[] {
  try {
    checkNotStale({ ...spec, ...changed }, native, 'firewall.bpf.o')
  } catch (error) {
    if (!(error instanceof StaleModuleError)) throw error
    return error.differences.map(({ what, object, module }) => `${what}: ${object} | ${module}`)
  }
  return []
}

describe('checkNotStale', () => {
  it('takes a module that agrees', () => {
    expect(differences({})).toEqual([])
  })

  it('takes a map without layouts by its sizes', () => {
    const sizes = { key: null, value: null, keySize: 8, valueSize: 12 }
    const bare: NativeObject = { ...object, maps: object.maps.map((each) => ({ ...each, ...sizes })) }
    const maps = { x: map({ name: 'blocked', type: 'hash', maxEntries: 16, key: codec(u64), value: codec(u64) }) }
    expect(differences({ maps }, bare)).toEqual(['map blocked, value, size: 12 | 8'])
  })

  it('takes what C calls the index of an array', () => {
    const int = { type: 2, key: ['size 4', '* i32 @0'] }
    const array: NativeObject = { ...object, maps: object.maps.map((each) => ({ ...each, ...int })) }
    const maps = { x: map({ name: 'blocked', type: 'array', maxEntries: 16, key: codec(u32), value: codec(u64) }) }
    expect(differences({ maps }, array)).toEqual([])
  })

  it('takes the size of a ring that libbpf rounded up', () => {
    const maps = { x: map({ name: 'drops', type: 'ringbuf', maxEntries: 100 }) }
    expect(differences({ maps })).toEqual([])
  })

  it.each([
    [
      'a map that is gone',
      { maps: { x: map({ name: 'allowed', type: 'hash', maxEntries: 1 }) } },
      ['map allowed: undefined | hash'],
    ],
    [
      'a map type',
      { maps: { x: map({ name: 'blocked', type: 'lru_hash', maxEntries: 16 }) } },
      ['map blocked, type: hash | lru_hash'],
    ],
    [
      'a map size',
      { maps: { x: map({ name: 'blocked', type: 'hash', maxEntries: 8 }) } },
      ['map blocked, entries: 16 | 8'],
    ],
    [
      'a key',
      { maps: { x: map({ name: 'blocked', type: 'hash', maxEntries: 16, key: codec(['size 4', '* be32 @0']) }) } },
      ['map blocked, key, type: u32 @0 | be32 @0'],
    ],
    [
      'a value',
      { maps: { x: map({ name: 'blocked', type: 'hash', maxEntries: 16, value: codec(['size 8', '* i64 @0']) }) } },
      ['map blocked, value, type: u64 @0 | i64 @0'],
    ],
    [
      'an event',
      {
        maps: {
          x: map({ name: 'drops', type: 'ringbuf', maxEntries: 4096, event: codec(['size 8', 'reason u32 @0']) }),
        },
      },
      ['map drops, event, size: 4 | 8'],
    ],
    [
      'a program that is gone',
      { programs: { x: { name: 'nat', type: 'xdp', section: 'xdp' } } },
      ['program nat: undefined | xdp'],
    ],
    [
      'a program type',
      { programs: { x: { name: 'filter', type: 'sched_cls', section: 'xdp' } } },
      ['program filter, type: xdp | sched_cls'],
    ],
    [
      'a section',
      { programs: { x: { name: 'filter', type: 'xdp', section: 'xdp.frags' } } },
      ['program filter, section: xdp | xdp.frags'],
    ],
    [
      'a constant',
      { constants: { x: { name: 'verdict', section: '.rodata', offset: 4, codec: codec(u64) } } },
      ['constant verdict, offset: 0 | 4', 'constant verdict, size: 4 | 8', 'constant verdict, type: u32 @0 | u64 @0'],
    ],
    [
      'a variable that changed its section',
      { variables: { x: { name: 'seen', section: '.data', offset: 8, codec: codec(u64) } } },
      ['variable seen: undefined | in .data'],
    ],
  ] satisfies [string, Partial<ObjectSpec>, string[]][])('finds %s', (_, changed, expected) => {
    expect(differences(changed)).toEqual(expected)
  })

  it('lists all that is wrong at once', () => {
    expect(differences({}, { ...object, maps: [], programs: [], variables: [] })).toHaveLength(5)
  })

  it('does not mind what the object has besides', () => {
    expect(differences({ maps: {}, programs: {}, constants: {}, variables: {} })).toEqual([])
  })
})
