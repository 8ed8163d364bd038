import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Stamps, logs and intermediate files of this checkout. */
export const cache = join(root, '.cache')

/** What every checkout of this user shares: nothing here depends on a checkout. */
export const sharedCache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'millrace')
