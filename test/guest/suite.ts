import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Kernel } from '../../scripts/guest/debian-kernel.mjs'
import { addon, bundle } from './bundle.js'
import { type GuestResult, runInGuest } from './guest.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const config = `export default {
  test: {
    include: ['*.kernel.test.mjs'],
    setupFiles: ['./leak-check.mjs'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    isolate: false,
    // An emulated processor is slow, and others use the host.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
}`

/**
 * Runs kernel tests in a guest, each as one file with all that it imports: to look for a hundred files and to compile them would take a
 * minute there.
 *
 * @param files - tests, and scripts that they start; without the ending, bundles have the names of these
 * @param timeout - milliseconds
 */
export async function testInGuest(kernel: Kernel, files: readonly string[], timeout: number): Promise<GuestResult> {
  // Below the root, where vitest is found.
  const folder = mkdtempSync(join(root, 'node_modules/.guest-'))
  try {
    await bundle([...files, join(root, 'packages/core/test/leak-check.ts')], folder)
    writeFileSync(join(folder, 'vitest.config.mjs'), config)
    const environment = `CI=true NO_COLOR=1 MILLRACE_GUEST=1 MILLRACE_NATIVE_BINDING=${addon} MILLRACE_TEST_BUNDLES=${folder}`
    const vitest = `node ${root}/node_modules/vitest/vitest.mjs run --root ${folder} --reporter=verbose`
    // Not on a terminal: there it draws.
    return await runInGuest(kernel, `set -o pipefail; ${environment} ${vitest} | cat`, timeout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
