// The peers in C, linked with the same libbpf as the addon.
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { nativePrefix } from '../../scripts/lib/clang.mjs'
import { run } from '../../scripts/lib/run.mjs'

const path = (name) => fileURLToPath(new URL(name, import.meta.url))

/** Compiles `c/<name>.c`; returns the program's path. */
export async function buildC(name) {
  const prefix = await nativePrefix()
  const output = path(`../build/${name}-c`)
  const libraries = ['bpf', 'elf', 'z'].map((library) => `${prefix}/lib/lib${library}.a`)
  await mkdir(path('../build'), { recursive: true })
  const flags = ['-O2', '-Wall', '-Wextra', '-Werror', `-I${prefix}/include`]
  await run('cc', [...flags, path(`c/${name}.c`), ...libraries, '-o', output])
  return output
}
