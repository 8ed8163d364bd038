import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type MapType, RawMap } from '@millrace/core'
import { describe, expect, test } from 'vitest'
import { useScript } from '../../core/test/support/script.js'
import { Guarded } from '../test/guarded.js'
import {
  arrayTypes,
  exerciseDescriptors,
  exerciseKeyed,
  exerciseKeyless,
  hashTypes,
  sizes,
} from '../test/raw-matrix.js'
import { exerciseArrays, exerciseHashes, exerciseHashOfMaps, exerciseLines } from '../test/typed-matrix.js'

const keySizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 17, 63, 65, 255, 257, 512]
const trieBytes = [1, 2, 3, 4, 5, 8, 16, 17, 63, 256]

describe('no operation writes past a buffer', () => {
  describe.each(hashTypes)('of a %s', (type) => {
    test.each(sizes)('with values of %i bytes and keys of every size', (valueSize) => {
      for (const keySize of keySizes) exerciseKeyed({ type, keySize, valueSize })
    })
  })

  test.each(arrayTypes)('of a %s with values of every size', (type) => {
    for (const valueSize of sizes) exerciseKeyed({ type, keySize: 4, valueSize })
  })

  test.each(sizes)('of an lpm_trie with values of %i bytes', (valueSize) => {
    for (const bytes of trieBytes) exerciseKeyed({ type: 'lpm_trie', keySize: 4 + bytes, valueSize })
  })

  test.each(['queue', 'stack', 'bloom_filter'] as const)('of a %s with values of every size', (type) => {
    for (const valueSize of sizes) exerciseKeyless(type, valueSize)
  })

  test.each<[MapType, valueSizes: number[]]>([
    ['prog_array', [4]],
    ['perf_event_array', [4]],
    ['cgroup_array', [4]],
    ['stack_trace', [8, 16, 1016]],
    ['devmap', [4, 8]],
    ['devmap_hash', [4, 8]],
    ['cpumap', [4, 8]],
    ['xskmap', [4]],
    ['sockmap', [4, 8]],
    ['reuseport_sockarray', [4, 8]],
  ])('of a %s', (type, valueSizes) => {
    for (const valueSize of valueSizes) exerciseDescriptors({ type, keySize: 4, valueSize })
  })

  test('of tables of sockets and of maps with keys of every size', () => {
    using inner = RawMap.create({ type: 'array', name: 'inner', keySize: 4, valueSize: 1, maxEntries: 1 })
    exerciseDescriptors({ type: 'array_of_maps', keySize: 4, valueSize: 4 }, inner)
    for (const keySize of keySizes) {
      exerciseDescriptors({ type: 'hash_of_maps', keySize, valueSize: 4 }, inner)
      for (const valueSize of [4, 8]) exerciseDescriptors({ type: 'sockhash', keySize, valueSize })
    }
  })

  test('which the tests would notice', () => {
    const guarded = new Guarded('buffer', 5)
    const behind = new Uint8Array(guarded.bytes.buffer, guarded.bytes.byteOffset + 5, 1)
    guarded.check()
    behind[0] = 0
    expect(() => guarded.check()).toThrow('behind')
  })
})

describe('values come back as they were written', () => {
  test.each(sizes)('of %i bytes', (valueSize) => {
    for (const keySize of [1, 3, 4, 7, 17, 65, 257]) exerciseHashes(keySize, valueSize)
    exerciseArrays(valueSize)
    exerciseLines(valueSize)
  })

  test('with keys of every size, also in a map of maps', () => {
    for (const keySize of keySizes) {
      exerciseHashes(keySize, 8)
      exerciseHashOfMaps(keySize)
    }
  })
})

describe('with more possible CPUs than there are', () => {
  const script = useScript(new URL('../test/many-cpus.ts', import.meta.url))

  test.each([3, 64, 257])('%i: every buffer has room for all of them', (cpus) => {
    const possible = join(script.path, `../possible-${cpus}`)
    writeFileSync(possible, `0-${cpus - 1}\n`)
    // In a mount namespace of its own: nobody else takes the system for another.
    const command = 'mount --bind "$0" /sys/devices/system/cpu/possible && exec "$@"'
    const run = ['--mount', 'sh', '-c', command, possible, process.execPath, script.path]
    // Options of Node that this process was started with are not for others: under AddressSanitizer they load its addon.
    const env = { ...script.env, NODE_OPTIONS: '' }
    const output = execFileSync('unshare', run, { encoding: 'utf8', env })
    expect(output.trim()).toBe(String(cpus))
  })
})
