import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Options } from 'tsup'

/**
 * How every package is bundled: one copy of the code, as ES modules, which `require` loads as well. Entries share their chunks,
 * so that two entries of one package agree on what its classes are. docs/decisions/0015-loading-the-addon.md says why.
 */
export const library = (entry: Record<string, string>, options: Options = {}): Options[] => {
  const modules = application(entry, {
    ...options,
    onSuccess: async () => {
      copyObjects()
      writeDoors(Object.keys(entry))
    },
  })
  const types: Options = {
    entry,
    format: ['cjs'],
    // tsup takes the package for the base of tsconfig.json's paths. They stand for sources: no order of building is needed.
    dts: { only: true, compilerOptions: { baseUrl: fileURLToPath(new URL('.', import.meta.url)) } },
    silent: true,
  }
  return [modules, types]
}

/** For programs that nobody imports: ES modules without types. */
export const application = (entry: Record<string, string>, options: Options = {}): Options => ({
  entry,
  format: ['esm'],
  target: 'node20',
  splitting: true,
  clean: true,
  silent: true,
  onSuccess: async () => copyObjects(),
  ...options,
})

/**
 * Generated modules look for their object file beside themselves, in `dist` as in `src/generated`. Objects are under licences of
 * their own, which go where they go.
 */
function copyObjects() {
  const folder = 'src/generated'
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bpf.o')) : []
  for (const name of names) copyFileSync(`${folder}/${name}`, `dist/${name}`)
  if (names.length === 0) return
  mkdirSync('dist/bpf-licenses', { recursive: true })
  for (const name of ['LICENSE', 'LICENSE.BSD-2-Clause', 'LICENSE.GPL-2.0-only'])
    copyFileSync(new URL(`bpf/${name}`, import.meta.url), `dist/bpf-licenses/${name}`)
}

/** CommonJS gets the ES module itself, and ES modules the types that CommonJS has: each is there once. */
function writeDoors(entries: readonly string[]) {
  mkdirSync('dist', { recursive: true })
  for (const name of entries) {
    writeFileSync(`dist/${name}.cjs`, `'use strict'\nmodule.exports = require('./${name}.js')\n`)
    writeFileSync(`dist/${name}.d.ts`, `export * from './${name}.cjs'\n`)
  }
}
