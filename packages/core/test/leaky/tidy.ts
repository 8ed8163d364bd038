// Not a test of the suite: leak-check.kernel.test.ts runs it to see it pass.
import { it } from 'vitest'
import { RawMap } from '../../src/index.js'

it('passes, and closes its map', () => {
  using _map = RawMap.create({ type: 'hash', name: 'tidy_map', keySize: 4, valueSize: 4, maxEntries: 77 })
})
