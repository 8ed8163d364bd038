import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

const clang = process.env.MILLRACE_CLANG ?? 'clang-19'

const include = new URL('./c', import.meta.url).pathname

/** A folder for the test file that calls this, removed when its tests are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-codegen-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Compiles C source for eBPF as scripts/build-bpf.mjs does, and returns the object file. */
export function compileBpf(
  folder: string,
  name: string,
  source: string,
  options: readonly string[] = ['-g'],
): Uint8Array {
  const input = path.join(folder, `${name}.bpf.c`)
  const output = path.join(folder, `${name}.bpf.o`)
  writeFileSync(input, source)
  execFileSync(clang, [
    '-target',
    'bpf',
    '-O2',
    '-mcpu=v2',
    '-Wall',
    ...options,
    '-I',
    include,
    '-c',
    input,
    '-o',
    output,
  ])
  return readFileSync(output)
}

/** Compiles C source for this machine, and returns the path of the program. */
export function compileHost(folder: string, name: string, source: string): string {
  const input = path.join(folder, `${name}.c`)
  const output = path.join(folder, name)
  writeFileSync(input, source)
  // No optimization: it would be free to leave garbage in the padding that is compared.
  execFileSync(clang, ['-O0', '-w', '-I', include, input, '-o', output])
  return output
}
