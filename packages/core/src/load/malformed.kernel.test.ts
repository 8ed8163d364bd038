import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { mutants } from '../../test/support/mutants.js'
import { MillraceError } from '../errors/index.js'
import { loadSync } from './load.js'

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`../../test/generated/${name}`, import.meta.url)))
const openDescriptors = () => readdirSync('/proc/self/fd').length

/** Loads bytes that may be anything: true when the kernel took them, false when they were refused by a typed error. */
function tryToLoad(bytes: Uint8Array): boolean {
  // A broken size may ask for gigabytes; the sizes of maps are not what is tried here.
  const maps = { counters: { maxEntries: 4 }, per_cpu: { maxEntries: 4 } }
  try {
    loadSync(bytes, { maps }).close()
    return true
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    return false
  }
}

test('10,000 mutants of an object file load, or are refused by a typed error, and leave nothing', () => {
  const original = fixture('basic.bpf.o')
  expect(tryToLoad(original)).toBe(true)
  const before = openDescriptors()

  const seed = Number(process.env.MILLRACE_SEED ?? 20_261_120)
  let number = 0
  let loaded = 0
  for (const mutant of mutants(original, 10_000, seed)) {
    number++
    try {
      if (tryToLoad(mutant)) loaded++
    } catch (error) {
      throw new Error(`mutant ${number} of seed ${seed}`, { cause: error })
    }
  }

  expect(openDescriptors()).toBe(before)
  // Else the mutants would be all alike: all harmless, or none past the first check.
  expect(loaded).toBeGreaterThan(500)
  expect(loaded).toBeLessThan(9_500)
}, 120_000)

test('an object file cut off anywhere is refused by a typed error', () => {
  const original = fixture('refused.bpf.o')
  for (let length = 0; length < original.length; length += 7) {
    expect(tryToLoad(original.subarray(0, length)), `${length} bytes`).toBe(false)
  }
}, 60_000)
