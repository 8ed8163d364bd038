import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { afterAll, beforeAll } from 'vitest'
import { bundleEnvironment } from './bundle.js'

const packages = fileURLToPath(new URL('../../..', import.meta.url))

/** A script of ours and the sources that it imports, as one file that Node runs in a process of its own. */
export function useScript(source: URL): { readonly path: string; readonly env: NodeJS.ProcessEnv } {
  const script = { path: '', env: bundleEnvironment }
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-script-'))
    await build({
      config: false,
      entry: { script: fileURLToPath(source) },
      format: 'esm',
      target: 'node20',
      silent: true,
      outDir: folder,
      outExtension: () => ({ js: '.mjs' }),
      noExternal: [/.*/],
      esbuildOptions(options) {
        options.alias = {
          '@millrace/core/internal': join(packages, 'core/src/internal.ts'),
          '@millrace/core': join(packages, 'core/src/index.ts'),
        }
      },
    })
    script.path = join(folder, 'script.mjs')
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return script
}
