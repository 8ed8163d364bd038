import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const setupFile = (path: string) => fileURLToPath(new URL(`./${path}`, import.meta.url))
const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@millrace\/(\w+)$/, replacement: source('$1/src/index.ts') },
      { find: '@millrace/example-common', replacement: source('../examples/common/src/index.ts') },
      { find: '@millrace/core/internal', replacement: source('core/src/internal.ts') },
      { find: '@millrace/maps/codec', replacement: source('maps/src/codec/index.ts') },
    ],
  },
  test: {
    include: ['{packages,bpf,examples}/**/*.test.ts', 'scripts/**/*.test.mjs'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    typecheck: { enabled: true, include: ['packages/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
    // A process a file: descriptors and namespaces that one leaves behind can't hide in another.
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: [
      setupFile('packages/core/test/leak-check.ts'),
      ...(process.env.MILLRACE_EXPECTED_NODE === undefined ? [] : [setupFile('scripts/lib/expect-node.mjs')]),
    ],
    // In CI one that fails is tried once more; scripts/lib/second-try-reporter.mjs names it. By hand it fails at once.
    retry: process.env.CI === undefined ? 0 : 1,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
