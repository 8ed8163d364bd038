import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { afterAll, beforeAll } from 'vitest'
import { bundleEnvironment } from './bundle.js'

const packages = fileURLToPath(new URL('../../..', import.meta.url))
const names = ['core', 'maps', 'xdp', 'tc', 'socket', 'testing']

/** Makes one file of a script and the sources that it imports, for a process of its own. Returns its path. */
export async function bundleScript(source: URL, folder: string): Promise<string> {
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
        '@millrace/maps/codec': join(packages, 'maps/src/codec/index.ts'),
        ...Object.fromEntries(names.map((name) => [`@millrace/${name}`, join(packages, `${name}/src/index.ts`)])),
      }
    },
  })
  return join(folder, 'script.mjs')
}

/** A script of ours that Node runs in a process of its own. */
export function useScript(source: URL): { readonly path: string; readonly env: NodeJS.ProcessEnv } {
  const script = { path: '', env: bundleEnvironment }
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-script-'))
    script.path = await bundleScript(source, folder)
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return script
}
