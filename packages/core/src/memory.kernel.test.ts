import { expect, it } from 'vitest'
import { ClosedError } from './errors/index.js'
import { MappedMemory } from './memory.js'
import { RawMap } from './raw-map.js'

const BPF_F_MMAPABLE = 1 << 10
const make = () =>
  RawMap.create({ type: 'array', name: 'cells', keySize: 4, valueSize: 8, maxEntries: 4, flags: BPF_F_MMAPABLE })

it('reads and writes the values of an array until it is closed, also when the map was before', () => {
  const map = make()
  const memory = MappedMemory.of(map)
  map.update(new Uint8Array([2, 0, 0, 0]), new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]))
  map.close()
  const bytes = new Uint8Array(8)
  memory.read(16, bytes)
  expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(memory.closed).toBe(false)
  memory.close()
  memory.close()
  expect(memory.closed).toBe(true)
  expect(() => memory.read(0, bytes)).toThrow(ClosedError)
  expect(() => memory.write(0, bytes)).toThrow(ClosedError)
})

it('is closed when the scope of using is left', () => {
  using map = make()
  let left: MappedMemory
  {
    using memory = MappedMemory.of(map, { writable: false })
    left = memory
  }
  expect(left.closed).toBe(true)
})
