import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { afterAll, beforeAll } from 'vitest'

const core = fileURLToPath(new URL('../..', import.meta.url))

/** Environment in which a bundle finds the addon, wherever it lies. */
export const bundleEnvironment = { ...process.env, MILLRACE_NATIVE_BINDING: join(core, 'build/Release/millrace.node') }

/** Core as JavaScript, ESM and CommonJS, for what vitest cannot run: other processes and worker threads. */
export function useBundle(): { readonly esm: string; readonly cjs: string } {
  const bundle = { esm: '', cjs: '' }
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-bundle-'))
    await build({
      config: false,
      entry: { index: join(core, 'src/index.ts') },
      format: ['esm', 'cjs'],
      target: 'node20',
      shims: true,
      silent: true,
      outDir: folder,
      outExtension: ({ format }) => ({ js: format === 'esm' ? '.mjs' : '.cjs' }),
    })
    Object.assign(bundle, { esm: join(folder, 'index.mjs'), cjs: join(folder, 'index.cjs') })
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return bundle
}
