import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { load } from '@millrace/core'
import { isAtLeast } from '@millrace/core/internal'
import { describe, expect, test } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { bundleEnvironment } from '../../../core/test/support/bundle.js'
import { mapOfMaps as object } from '../../test/generated/map-of-maps.bpf.js'
import { keepRunning } from '../../test/running-program.js'
import type { ArrayMap } from '../index.js'

const bpffs = useBpffs()

const SINGLE_SWAPS = 200
const ROUNDS = 100
const INDEXES = 8

describe('programs see the old map or the new one', () => {
  test('while thousands are replaced in this process', { timeout: 300_000 }, async () => {
    using loaded = await load(object)
    const { rings, ringsByName } = loaded.maps
    let generation = 0n
    const fresh = (outer: typeof rings | typeof ringsByName) => {
      const ring = outer.createInner()
      for (let index = 0; index < ring.maxEntries; index++) ring.set(index, generation)
      return ring
    }
    /** Nobody may see this: programs are done with the ring. */
    const spoil = (ring: ArrayMap<bigint> | undefined) => {
      for (let index = 0; index < (ring?.maxEntries ?? 0); index += 2) ring?.set(index, 0n)
      ring?.close()
    }
    const indexes = Array.from({ length: INDEXES }, (_, index) => index)
    const replaceAll = () => {
      generation++
      const old = indexes.flatMap((index) => [rings.get(index), ringsByName.get(BigInt(index))])
      const inArray = indexes.map((index) => [index, fresh(rings)] as const)
      const inHash = indexes.map((index) => [BigInt(index), fresh(ringsByName)] as const)
      rings.setAll(inArray)
      ringsByName.setAll(inHash)
      for (const ring of old) spoil(ring)
      for (const [, ring] of [...inArray, ...inHash]) ring.close()
    }
    replaceAll()
    {
      await using _running = await keepRunning(loaded.programs.readRings.id, 500)
      for (let swap = 0; swap < SINGLE_SWAPS; swap++) {
        generation++
        const index = swap % INDEXES
        using one = fresh(rings)
        spoil(rings.swap(index, one))
        using other = fresh(ringsByName)
        spoil(ringsByName.swap(BigInt(index), other))
      }
      for (let round = 0; round < ROUNDS; round++) replaceAll()
    }
    const { whole, missing, torn, backwards } = loaded.variables
    const count = (counts: bigint[]) => (isAtLeast('6.16') ? counts : counts.slice(0, 1)).reduce((a, b) => a + b)
    expect([count(missing.get()), count(torn.get()), count(backwards.get())]).toEqual([0n, 0n, 0n])
    expect(whole.get().every((times) => times > 1000n)).toBe(true)
    using last = rings.get(0)
    expect(last?.get(0)).toBe(generation)
  })

  test('while another process replaces them by a pin', { timeout: 300_000 }, async () => {
    const path = `${bpffs.path}/shared`
    using loaded = await load(object)
    const { rings, ringsByName } = loaded.maps
    rings.pin(path)
    for (let index = 0; index < INDEXES; index++) {
      using first = rings.createInner()
      rings.set(index, first)
      using named = ringsByName.createInner()
      ringsByName.set(BigInt(index), named)
    }
    const script = fileURLToPath(new URL('../../test/swap-rings.mjs', import.meta.url))
    const ended = new Promise<void>((resolve, reject) => {
      const env = { ...bundleEnvironment, NODE_OPTIONS: '' }
      execFile(process.execPath, [script, path, '500'], { env }, (error) => (error ? reject(error) : resolve()))
    })
    let isRunning = true
    const finished = ended.finally(() => {
      isRunning = false
    })
    {
      await using _running = await keepRunning(loaded.programs.readRings.id, 500)
      while (isRunning) {
        // Opened while it is replaced: never without a map, never one that cannot be opened.
        for (let time = 0; time < 20; time++) {
          using ring = rings.get(0)
          expect(ring?.maxEntries).toBe(16)
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await finished
    const { whole, missing, torn, backwards } = loaded.variables
    expect([missing.get()[0], torn.get()[0], backwards.get()[0]]).toEqual([0n, 0n, 0n])
    expect(whole.get()[0]).toBeGreaterThan(0n)
    using last = rings.get(0)
    expect(last?.get(15)).toBe(500n)
  })
})
