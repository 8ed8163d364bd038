import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The packages as they are published and installed, and not our sources: only networks are made by those. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: {
    alias: { '@millrace/testing': fileURLToPath(new URL('../../packages/testing/src/index.ts', import.meta.url)) },
  },
  test: {
    include: ['test/packages/*.test.ts'],
    globalSetup: fileURLToPath(new URL('./support/setup.ts', import.meta.url)),
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
