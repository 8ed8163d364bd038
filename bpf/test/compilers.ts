import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** A compiler and the instruction set it is to use. */
export interface Target {
  readonly clang: string
  readonly cpu: 'v2' | 'v3'
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const include = fileURLToPath(new URL('../include', import.meta.url))

const isInstalled = (name: string) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))

/** Debian 12's own clang and the one that the objects are built with, as far as they are installed. */
export const clangs = ['clang-14', 'clang-19'].filter(isInstalled)

/** Version 2 is what objects are shipped with; people may choose version 3 for their own. */
export const targets: readonly Target[] = [
  ...clangs.map((clang) => ({ clang, cpu: 'v2' as const })),
  ...clangs.slice(-1).map((clang) => ({ clang, cpu: 'v3' as const })),
]

/** The headers' names, such as `ipv4.h`. */
export const headers: readonly string[] = readdirSync(join(include, 'millrace'))

const libbpf = execFileSync(process.execPath, ['scripts/native-deps.mjs', '--print'], { cwd: root, encoding: 'utf8' })
const flags = [
  ...['-target', 'bpf', '-O2', '-g', '-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter'],
  ...['-I', include, '-I', join(libbpf.trim(), 'include')],
  ...['-idirafter', `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`],
]

/** Compiles a source file. Throws with what the compiler said. */
export async function compile({ clang, cpu }: Target, source: string, object: string, ...options: string[]) {
  await promisify(execFile)(clang, [...flags, `-mcpu=${cpu}`, ...options, '-c', source, '-o', object])
}

/** Compiles a program text without making an object, by the newest compiler. Throws with what it said. */
export async function check(text: string): Promise<void> {
  const run = promisify(execFile)(clangs.at(-1) ?? 'clang', [...flags, '-mcpu=v2', '-fsyntax-only', '-x', 'c', '-'])
  run.child.stdin?.end(text)
  await run
}
