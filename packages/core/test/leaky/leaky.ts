// Not a test of the suite: leak-check.kernel.test.ts runs it to see it fail.
import { it } from 'vitest'
import { RawMap } from '../../src/index.js'

it('passes, and leaves a map open', () => {
  RawMap.create({ type: 'hash', name: 'leaky_map', keySize: 4, valueSize: 4, maxEntries: 77 })
})
