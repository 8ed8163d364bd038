import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests of what `npm run prebuild` made, for `npm run test:prebuilds`: there is nothing to test before it was made. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['scripts/prebuild/*.prebuild-test.mjs'],
    // The first run of the emulated processor fetches what runs on it.
    testTimeout: 300_000,
  },
})
