import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sharedCache } from '../lib/paths.mjs'

const cache = join(sharedCache, 'guest')

/**
 * The folder of that name in a cache that all checkouts share; made by `make(files, work)` where it is missing, which fills `files`
 * and may use `work`. It is there whole or not at all.
 */
export async function cached(name, make) {
  const folder = join(cache, name)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'fetch-'))
  try {
    const files = join(work, 'files')
    mkdirSync(files)
    await make(files, work)
    renameSync(files, folder)
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return folder
}
