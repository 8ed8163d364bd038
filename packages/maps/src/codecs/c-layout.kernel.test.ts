import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { nativeBinding } from '@millrace/core/internal'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { structType } from '../../test/c-types.js'

const clang = process.env.MILLRACE_CLANG ?? 'clang-19'
const headers = fileURLToPath(new URL('../../../../bpf/include', import.meta.url))
// clang looks for the architecture's own headers only when it compiles for that.
const systemHeaders = `/usr/include/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`

/** The layouts of a source's variables, by name, as libbpf reads them out of the BTF that clang wrote. */
function layoutsOf(source: string): Map<string, readonly string[]> {
  const flags = ['-target', 'bpf', '-g', '-O2', '-I', headers, '-idirafter', systemHeaders]
  const object = execFileSync(clang, [...flags, '-x', 'c', '-c', '-', '-o', '-'], { input: source, maxBuffer: 1 << 26 })
  const binding = nativeBinding()
  const opened = binding.objectOpen(object, 'layouts', {})
  if ('errno' in opened) throw new Error(opened.log)
  binding.close(opened.handle)
  return new Map(opened.variables.map(({ name, layout }) => [name, layout]))
}

test('struct() lays 300 random structs out as clang does', () => {
  const types = fc.sample(structType, { numRuns: 300, seed: 20_261_120 })
  const variables = types.map(({ specifier }, i) => `${specifier} v${i};`)
  const layouts = layoutsOf(['#include <millrace/types.h>', ...variables].join('\n'))
  for (const [i, { codec, specifier }] of types.entries()) {
    expect({ specifier, layout: codec.layout }).toEqual({ specifier, layout: layouts.get(`v${i}`) })
  }
})
