import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ArgumentError, ObjectFileError } from '../errors/index.js'
import type { ObjectSpec } from '../spec.js'

/** An object file, as a path (seen from the working directory), a `file:` URL or its bytes. */
export type ObjectSource = string | URL | Uint8Array

/** Where an object file is. */
export interface ObjectPlace {
  /** for messages: the path, or what stands for bytes */
  readonly file: string
  /** what libbpf is to call it; the names of `.data` and its kind begin with it */
  readonly name: string
  /** whether the path is that of a generated module, and none that the caller wrote */
  readonly isOfModule: boolean
}

/** An object file that has its bytes already, or is to be read when it is opened. */
export interface UnreadFile extends ObjectPlace {
  readonly bytes: Uint8Array | undefined
}

/** An object file that was read: whatever becomes of the file later, its programs can be loaded once more. */
export interface ObjectFile extends UnreadFile {
  readonly bytes: Uint8Array
}

const members = ['maps', 'programs', 'constants', 'variables'] as const

export function isSpec(source: ObjectSource | ObjectSpec): source is ObjectSpec {
  if (typeof source !== 'object' || source === null || !('programs' in source)) return false
  return typeof source.name === 'string' && members.every((it) => typeof source[it] === 'object' && source[it] !== null)
}

/** Reads the file without keeping the thread waiting. */
export async function readSource(
  source: ObjectSource | ObjectSpec,
  signal: AbortSignal | undefined,
): Promise<ObjectFile> {
  const from = locate(source)
  try {
    return { ...from, bytes: copyOf(source) ?? (await readFile(from.file, signal === undefined ? {} : { signal })) }
  } catch (cause) {
    signal?.throwIfAborted()
    throw unreadable(from, cause)
  }
}

/** For the calling thread, which reads the file when it opens it: that is the quicker way, and keeps it waiting as long. */
export function unreadSource(source: ObjectSource | ObjectSpec): UnreadFile {
  const { file, name, isOfModule } = locate(source)
  return { file, name, isOfModule, bytes: copyOf(source) }
}

/** Throws when the file cannot be read, in Node's words. */
export function checkReadable(from: ObjectPlace): void {
  try {
    readFileSync(from.file)
  } catch (cause) {
    throw unreadable(from, cause)
  }
}

/** The caller may go on to write to bytes that it gave. */
function copyOf(source: ObjectSource | ObjectSpec): Uint8Array | undefined {
  return source instanceof Uint8Array ? new Uint8Array(source) : undefined
}

function locate(source: ObjectSource | ObjectSpec): ObjectPlace {
  if (isSpec(source)) return { file: pathOf(source.file), name: source.name, isOfModule: true }
  if (source instanceof Uint8Array) {
    return { file: 'the object that was given as bytes', name: 'object', isOfModule: false }
  }
  const file = pathOf(source)
  return { file, name: basename(file).replace(/(\.bpf)?\.o$/, ''), isOfModule: false }
}

function pathOf(source: unknown): string {
  if (typeof source === 'string' && source !== '' && !source.includes('\0') && !source.startsWith('file:'))
    return source
  try {
    return fileURLToPath(source as string | URL)
  } catch {
    const expected = 'a spec that bpf2ts wrote, a path, a file: URL or the bytes of an object file'
    throw new ArgumentError({ argument: 'source', value: source, expected })
  }
}

function unreadable({ file, isOfModule }: ObjectPlace, cause: unknown): ObjectFileError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const hint = isOfModule
    ? '; its module looks for it there: build it, or, if a bundler moved the module, copy it there from where the module was'
    : ''
  return new ObjectFileError({ file, reason: `cannot be read: ${reason}${hint}`, cause })
}
