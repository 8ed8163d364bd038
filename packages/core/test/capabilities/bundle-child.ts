import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { bundleEnvironment } from '../support/bundle.js'

const packages = fileURLToPath(new URL('../../..', import.meta.url))
const names = ['core', 'maps', 'xdp', 'tc', 'socket', 'testing']

/** What {@link bundleForEverybody} makes. */
export interface Bundle extends Disposable {
  readonly folder: string
  readonly script: string
  readonly object: string
  readonly env: NodeJS.ProcessEnv
}

/** A script with all that it imports, the addon and an object file, where every user can read them. */
export async function bundleForEverybody(source: URL, object: string): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-everybody-'))
  chmodSync(folder, 0o755)
  const addon = join(folder, 'millrace.node')
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
  copyFileSync(bundleEnvironment.MILLRACE_NATIVE_BINDING, addon)
  copyFileSync(object, join(folder, basename(object)))
  return {
    folder,
    script: join(folder, 'script.mjs'),
    object: join(folder, basename(object)),
    env: { ...process.env, MILLRACE_NATIVE_BINDING: addon },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
