import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aMacho, anElf, aPe } from '../../test/support/libraries.js'
import { formatOf } from './file-format.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-format-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const other = process.arch === 'arm64' ? 'x64' : 'arm64'

it.each([
  ['a library of another processor', anElf(other), `Linux on ${other}`],
  ['an unknown processor', anElf(999), 'Linux on processor 999'],
  ['big-endian', anElf('s390x'), 'Linux on s390x'],
  ['musl', anElf(process.arch, 'libc.musl-x86_64.so.1\0'), `Linux on ${process.arch} with musl`],
  ['glibc', anElf(process.arch, 'libc.so.6\0'), `Linux on ${process.arch} with glibc`],
  ['no C library that it names', anElf(process.arch), `Linux on ${process.arch}`],
  ['Mach-O', aMacho('arm64'), 'macOS on arm64'],
  ['Mach-O for several', Buffer.from('cafebabe00000002', 'hex'), 'macOS'],
  ['PE', aPe('x64'), 'Windows on x64'],
  ['a page of a proxy', Buffer.from('<!doctype html>'), 'no library of any system'],
  ['a header cut short', anElf('x64').subarray(0, 10), 'no library of any system'],
  ['nothing', Buffer.alloc(0), 'an empty file'],
])('%s', (_, content, expected) => {
  const path = join(folder, 'millrace.node')
  writeFileSync(path, content)
  expect(formatOf(path)).toBe(expected)
})
