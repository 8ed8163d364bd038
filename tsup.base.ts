import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Options } from 'tsup'

/**
 * How every package is bundled: ES modules and CommonJS with their types. Entries share their chunks, so that two entries
 * of one package agree on what its classes are.
 */
export const library = (entry: Record<string, string>, options: Options = {}) =>
  defineConfig({
    entry,
    format: ['esm', 'cjs'],
    target: 'node20',
    // tsup takes the package for the base of tsconfig.json's paths. They stand for sources: no order of building is needed.
    dts: { compilerOptions: { baseUrl: fileURLToPath(new URL('.', import.meta.url)) } },
    splitting: true,
    shims: true,
    clean: true,
    sourcemap: true,
    silent: true,
    onSuccess: copyObjects,
    ...options,
  })

/** Generated modules look for their object file beside themselves, in `dist` as in `src/generated`. */
async function copyObjects() {
  const folder = 'src/generated'
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bpf.o')) : []
  for (const name of names) copyFileSync(`${folder}/${name}`, `dist/${name}`)
}
