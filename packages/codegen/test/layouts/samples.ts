import fc from 'fast-check'
import { layout } from './arbitrary.js'
import { printRecord } from './c-header.js'
import type { RecordModel } from './model.js'
import { type Value, values } from './values.js'

/** A layout and values of it. */
export interface Sample {
  readonly record: RecordModel
  readonly values: readonly Value[]
}

export const count = 240
const valuesEach = 3
/** Another one makes other layouts and values; tests print it. */
export const seed = Number(process.env.MILLRACE_SEED ?? 20_261_120)

/** The same for the same seed. */
export function makeSamples(): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const [record] = fc.sample(layout(`layout_${index}`), { seed: seed + index, numRuns: 1 })
    if (record === undefined) throw new Error('fast-check made no layout')
    return { record, values: fc.sample(values(record), { seed: seed + index, numRuns: valuesEach }) }
  })
}

/** A C header with all layouts. */
export function printHeader(samples: readonly Sample[]): string {
  return `#include "declare.h"\n${samples.map(({ record }) => printRecord(record)).join('\n')}`
}

/** A global variable of each layout, which is `layout_7_value` for the eighth. */
export function printVariables(samples: readonly Sample[]): string {
  return samples.map(({ record }) => `${record.keyword} ${record.tag} ${record.tag}_value;\n`).join('')
}
