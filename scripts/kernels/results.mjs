// The last results of each kernel, kept in this checkout: all kernels together take long.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { matrix } from '../guest/matrix.mjs'
import { cache } from '../lib/paths.mjs'
import { Refusal } from '../lib/run.mjs'

const folder = join(cache, 'kernels/results')
const fileOf = (kernel) => join(folder, `${kernel}.json`)

export function keepResults(run) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(fileOf(run.kernel), JSON.stringify(run))
}

/** Of all kernels; none may be missing. */
export function keptResults() {
  return Object.keys(matrix).map((kernel) => {
    if (!existsSync(fileOf(kernel)))
      throw new Refusal(`There is no result of ${kernel}: npm run test:kernels -- ${kernel}`)
    return JSON.parse(readFileSync(fileOf(kernel), 'utf8'))
  })
}
