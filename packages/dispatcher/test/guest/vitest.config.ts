import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
import root from '../../../../vitest.config.js'

/**
 * The tests that need a kernel which replaces functions, in a virtual machine, for hosts whose kernel does not. They take minutes, so
 * they are not among those of `npm test`: `node_modules/.bin/vitest run --config packages/dispatcher/test/guest/vitest.config.ts`.
 * Needs the Debian packages qemu-system-x86, busybox-static and xdp-tools.
 */
const { test, ...config } = root
const { include: _, ...others } = test ?? {}
export default mergeConfig(config, {
  root: fileURLToPath(new URL('../../../..', import.meta.url)),
  test: { ...others, include: ['packages/dispatcher/test/*.guest-test.ts'], typecheck: { enabled: false } },
})
