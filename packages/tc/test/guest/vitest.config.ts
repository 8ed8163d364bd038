import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
import root from '../../../../vitest.config.js'

/**
 * The tests that need a kernel with netkit, in a virtual machine, for hosts whose kernel has none. They take minutes, so they are not
 * among those of `npm test`: `npm run test:guest`, which installs the Debian packages that it takes. The kernel is that of Debian 13.
 */
const { test, ...config } = root
const { include: _, ...others } = test ?? {}
export default mergeConfig(config, {
  root: fileURLToPath(new URL('../../../..', import.meta.url)),
  test: { ...others, include: ['packages/tc/test/*.guest-test.ts'], typecheck: { enabled: false } },
})
