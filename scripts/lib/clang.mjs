import { existsSync, realpathSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { root } from './paths.mjs'
import { Refusal, run } from './run.mjs'

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync)

/** The compiler's path and something that changes when it is another one. */
export function findClang() {
  const wanted = process.env.MILLRACE_CLANG
  const path = wanted ? (wanted.includes('/') ? wanted : onPath(wanted)) : onPath('clang-19')
  if (!path || !existsSync(path))
    throw new Refusal(`${wanted ?? 'clang-19'} was not found. Install clang 19, or name another in MILLRACE_CLANG.`)
  const { size, mtimeMs } = statSync(path)
  return { path, identity: [realpathSync(path), size, mtimeMs] }
}

/** MILLRACE_SYSTEM_LIBBPF=1: for distributions that have libbpf 1.5 or later and are no Debian. */
export const usesSystemLibbpf = process.env.MILLRACE_SYSTEM_LIBBPF === '1'

/** libbpf's headers and static libraries, built on first use: a folder with include/ and lib/. */
export async function nativePrefix() {
  if (usesSystemLibbpf) return '/usr'
  const { stdout } = await run(process.execPath, [join(root, 'scripts/native-deps.mjs'), '--print'])
  return stdout.trim()
}

/**
 * Flags for C that runs in the kernel, for a compiler that runs in the root folder. Instruction set 2: clang 19 has been
 * seen to emit version 3 code that the verifier refuses. File names in the object are relative to the checkout.
 */
export function bpfFlags(prefix) {
  const systemHeaders = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`
  return [
    ...['-target', 'bpf', '-mcpu=v2', '-O2', '-g', '-std=gnu11', '-Wall', '-Wextra', '-Werror'],
    // The hook sets a program's parameters, whether it reads them or not.
    '-Wno-unused-parameter',
    '-Ibpf/include',
    ...(usesSystemLibbpf ? [] : [`-I${prefix}/include`]),
    ...(existsSync(systemHeaders) ? ['-idirafter', systemHeaders] : []),
    ...['-fdebug-compilation-dir=.', `-ffile-prefix-map=${prefix}/include=libbpf`],
  ]
}
