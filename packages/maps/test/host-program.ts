import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

const clang = process.env.MILLRACE_CLANG ?? 'clang-19'

/** A program for this machine of test/c, compiled for a test file. */
export function useHostProgram(name: string): { readonly path: string } {
  const program = { path: '' }
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-host-'))
    const source = fileURLToPath(new URL(`./c/${name}.c`, import.meta.url))
    execFileSync(clang, ['-O1', '-Wall', '-Wextra', '-Werror', source, '-o', join(folder, name)])
    program.path = join(folder, name)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return program
}
