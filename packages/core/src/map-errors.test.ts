import { describe, expect, it } from 'vitest'
import { ClosedError, MapOperationError } from './errors/index.js'
import { mapOperationError } from './map-errors.js'

const codeOf = (type: 'hash' | 'array' | 'prog_array' | 'lpm_trie', errno: number) =>
  mapOperationError({ name: 'flows', type }, 'set', errno).code

describe('mapOperationError', () => {
  it.each([
    ['hash', -7, 'ERR_MAP_FULL'],
    ['lpm_trie', -28, 'ERR_MAP_FULL'],
    ['array', -7, 'ERR_INDEX_OUT_OF_RANGE'],
    ['array', -2, 'ERR_INDEX_OUT_OF_RANGE'],
    ['prog_array', -7, 'ERR_INDEX_OUT_OF_RANGE'],
    ['prog_array', -2, 'ERR_KEY_MISSING'],
    ['hash', -2, 'ERR_KEY_MISSING'],
    ['hash', -17, 'ERR_KEY_EXISTS'],
    ['hash', -1, 'ERR_MAP_READ_ONLY'],
    ['hash', -22, 'ERR_MAP_FLAGS'],
    ['lpm_trie', -524, 'ERR_MAP_UNSUPPORTED'],
    ['hash', -12, 'ERR_MAP_MEMORY'],
    ['hash', -16, 'ERR_MAP_BUSY'],
    ['hash', -5, 'ERR_MAP_OPERATION'],
  ] as const)('of a %s map, %i is %s', (type, errno, code) => {
    expect(codeOf(type, errno)).toBe(code)
  })

  it('names map, operation and errno', () => {
    const error = mapOperationError({ name: 'flows', type: 'hash' }, 'set', -7)
    expect(error).toBeInstanceOf(MapOperationError)
    expect(error).toMatchObject({ map: 'flows', operation: 'set', errno: 7, errnoName: 'E2BIG' })
    expect(error.message).toMatch(/^map flows, set: the map is full.* \(E2BIG\)$/)
  })

  it('is a ClosedError when the handle is gone', () => {
    expect(mapOperationError({ name: 'flows', type: 'hash' }, 'get', -9)).toBeInstanceOf(ClosedError)
  })
})
