import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from './paths.mjs'
import { filesBelow } from './stamp.mjs'

const folders = (path) =>
  existsSync(join(root, path))
    ? readdirSync(join(root, path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
    : []

/** Where C for the kernel lives, and where what is made of it goes. */
function places() {
  return [
    ...folders('bpf')
      .filter((name) => name !== 'include' && name !== 'test' && name !== 'node_modules')
      .map((name) => [`bpf/${name}`, `packages/${name}/src/generated`]),
    ['bpf/test', 'bpf/test/generated'],
    ['bench/bpf', 'bench/generated'],
    ['test/kernels/bpf', 'test/kernels/generated'],
    ...folders('packages').map((name) => [`packages/${name}/test/bpf`, `packages/${name}/test/generated`]),
    ...folders('examples').map((name) => [`examples/${name}/bpf`, `examples/${name}/src/generated`]),
  ]
}

/** `module` is undefined for a source that says `// bpf2ts: no` on its first or second line. */
export function bpfSources() {
  return places().flatMap(([folder, target]) =>
    filesBelow(folder, (file) => file.endsWith('.bpf.c')).map((source) => {
      const name = basename(source, '.c')
      const head = readFileSync(join(root, source), 'utf8').split('\n', 2)
      return {
        source,
        object: `${target}/${name}.o`,
        module: head.includes('// bpf2ts: no') ? undefined : `${target}/${name}.ts`,
      }
    }),
  )
}
