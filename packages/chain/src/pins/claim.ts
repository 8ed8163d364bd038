import { setTimeout as delay } from 'node:timers/promises'
import { ChainLockedError } from '../errors/index.js'
import type { ChainFolder } from './chain-folder.js'

/** How long a chain of this process that was closed may take until the last packet is through, and how often to look. */
const PATIENCE_MS = 2000
const INTERVAL_MS = 5

/**
 * Takes hold of a folder. A chain object of this very process may have been closed a moment ago and still hold it until
 * the last packet is through; another process is not waited for.
 *
 * @throws ChainLockedError
 */
export async function claim<F extends ChainFolder | undefined>(open: () => F): Promise<F> {
  for (const end = Date.now() + PATIENCE_MS; ; await delay(INTERVAL_MS)) {
    try {
      return open()
    } catch (error) {
      if (!(error instanceof ChainLockedError) || error.pid !== process.pid || Date.now() > end) throw error
    }
  }
}
