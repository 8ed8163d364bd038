import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

/** Processors by their number in an ELF header, with Node's names. */
const elfMachines: Readonly<Record<number, string>> = {
  3: 'ia32',
  8: 'mips',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
}
const machoProcessors: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64' }
const peMachines: Readonly<Record<number, string>> = { 332: 'ia32', 34404: 'x64', 43620: 'arm64' }

/**
 * What system a library was built for, by its header: `Linux on arm64`, `macOS on x64`. For a file that is no library it says what
 * that is.
 */
export function formatOf(path: string): string {
  const head = firstBytes(path, 4096)
  if (head.length === 0) return 'an empty file'
  return elf(head, path) ?? macho(head) ?? pe(head) ?? 'no library of any system'
}

function elf(head: Buffer, path: string): string | undefined {
  if (head.length < 20 || head.toString('latin1', 0, 4) !== '\x7fELF') return undefined
  const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18)
  const processor = elfMachines[machine] ?? `processor ${machine}`
  if (processor !== process.arch) return `Linux on ${processor}`
  return `Linux on ${processor}${libcOf(path)}`
}

/** By the name of the C library among those that it needs. */
function libcOf(path: string): string {
  const content = readFileSync(path)
  if (content.includes('libc.musl-')) return ' with musl'
  return content.includes('libc.so.6\0') ? ' with glibc' : ''
}

function macho(head: Buffer): string | undefined {
  if (head.length < 8) return undefined
  const magic = head.readUInt32BE(0)
  if (magic === 0xcafe_babe) return 'macOS'
  if (magic !== 0xcffa_edfe) return undefined
  return `macOS on ${machoProcessors[head.readUInt32LE(4)] ?? 'another processor'}`
}

function pe(head: Buffer): string | undefined {
  if (head.length < 64 || head.toString('latin1', 0, 2) !== 'MZ') return undefined
  const at = head.readUInt32LE(60) + 4
  const machine = at + 2 <= head.length ? head.readUInt16LE(at) : 0
  return `Windows on ${peMachines[machine] ?? 'another processor'}`
}

function firstBytes(path: string, length: number): Buffer {
  const buffer = Buffer.alloc(length)
  const fd = openSync(path, 'r')
  try {
    return buffer.subarray(0, readSync(fd, buffer, 0, length, 0))
  } finally {
    closeSync(fd)
  }
}
