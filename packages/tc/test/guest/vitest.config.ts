import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
import root from '../../../../vitest.config.js'

/**
 * The tests that need a kernel with netkit, in a virtual machine, for hosts whose kernel has none. They take minutes, so they are not
 * among those of `npm test`: `node_modules/.bin/vitest run --config packages/tc/test/guest/vitest.config.ts`.
 * Needs the Debian packages qemu-system-x86 and busybox-static, and fetches the kernel of Debian 13.
 */
const { test, ...config } = root
const { include: _, ...others } = test ?? {}
export default mergeConfig(config, {
  root: fileURLToPath(new URL('../../../..', import.meta.url)),
  test: { ...others, include: ['packages/tc/test/*.guest-test.ts'], typecheck: { enabled: false } },
})
