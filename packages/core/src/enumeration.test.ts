import { describe, expect, it } from 'vitest'
import { ArgumentError } from './errors/index.js'
import { linkTypes } from './link-type.js'
import { mapTypes } from './map-type.js'
import { programTypes } from './program-type.js'

describe.each([
  ['programs', programTypes, 32, 'netfilter'],
  ['maps', mapTypes, 33, 'arena'],
  ['links', linkTypes, 13, 'netkit'],
])('names of %s', (_, types, value, name) => {
  it('are those of linux/bpf.h, without a gap', () => {
    expect(types.nameOf(value)).toBe(name)
    expect(types.check('type', name)).toBe(value)
    types.names().forEach((it, index) => {
      expect(types.nameOf(index)).toBe(it)
    })
  })

  it('go by number where a newer kernel has more', () => {
    expect(types.nameOf(99)).toBe('type 99')
    expect(types.check('type', 'type 99')).toBe(99)
  })

  it('suggest what was meant', () => {
    expect(() => types.check('options.type', `${name}s`)).toThrow(new RegExp(`did you mean ${name}`))
    expect(() => types.check('options.type', 7)).toThrow(ArgumentError)
    expect(() => types.check('options.type', 'toString')).toThrow(ArgumentError)
  })
})
