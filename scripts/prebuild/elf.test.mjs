import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readElf } from './elf.mjs'

let folder

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-elf-'))
  const code = `
#include <math.h>
#include <string.h>
#include <stdlib.h>
__asm__(".symver memcpy, memcpy@GLIBC_2.14");
static int hidden(double x) { return (int)x; }
int visible(char *to, const char *from, double x) { memcpy(to, from, (size_t)x); return hidden(sqrt(pow(x, x))) + abs(*to); }
`
  writeFileSync(join(folder, 'sample.c'), code)
})

afterAll(() => rmSync(folder, { recursive: true }))

function compiled(...options) {
  const file = join(folder, 'sample.so')
  execFileSync('cc', ['-shared', '-fPIC', '-g', ...options, '-o', file, join(folder, 'sample.c'), '-lm'])
  return readElf(readFileSync(file))
}

test('tells what a library needs and what it gives', () => {
  const { machine, libraries, versions, exports } = compiled()
  expect(machine).toBe(process.arch)
  expect(libraries).toEqual(['libm.so.6', 'libc.so.6'])
  expect(versions).toContain('GLIBC_2.29') // of pow
  expect(exports).toContain('visible')
  expect(exports).not.toContain('hidden')
  expect(exports).not.toContain('pow')
})

test('tells whether it was stripped', () => {
  expect([compiled().stripped, compiled('-s').stripped]).toEqual([false, true])
})

test('takes nothing else for one', () => {
  expect(() => readElf(Buffer.alloc(64))).toThrow('no ELF file')
})
