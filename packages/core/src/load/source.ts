import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ArgumentError, ObjectFileError } from '../errors/index.js'
import type { ObjectSpec } from '../spec.js'

/** An object file, as a path (seen from the working directory), a `file:` URL or its bytes. */
export type ObjectSource = string | URL | Uint8Array

/** An object file that was found. */
export interface ObjectFile {
  /** for messages: the path, or what stands for bytes */
  readonly file: string
  /** what libbpf is to call it; the names of `.data` and its kind begin with it */
  readonly name: string
  /** whether the path is that of a generated module, and none that the caller wrote */
  readonly isOfModule: boolean
  /** undefined: the addon is to read the file */
  readonly bytes?: Uint8Array | undefined
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
  if (from.bytes !== undefined) return from
  try {
    return { ...from, bytes: await readFile(from.file, signal === undefined ? {} : { signal }) }
  } catch (cause) {
    signal?.throwIfAborted()
    throw unreadable(from, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

export function locate(source: ObjectSource | ObjectSpec): ObjectFile {
  if (isSpec(source)) return { file: pathOf(source.file), name: source.name, isOfModule: true }
  if (source instanceof Uint8Array) {
    return { file: 'the object that was given as bytes', name: 'object', isOfModule: false, bytes: source }
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

export function unreadable({ file, isOfModule }: ObjectFile, reason: string, cause?: unknown): ObjectFileError {
  const hint = isOfModule ? '; its module looks for it there: build it, or copy it to where the module was moved' : ''
  return new ObjectFileError({ file, reason: `cannot be read: ${reason}${hint}`, cause })
}
