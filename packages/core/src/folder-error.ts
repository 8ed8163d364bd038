import { existsSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { errno } from './errno.js'
import { type MillraceError, PinError } from './errors/index.js'
import { explain } from './explain.js'

/**
 * The error for a folder that cannot be made or looked at. A system call says EPERM, EEXIST or ENOTDIR of what is somewhere on the way to it; this
 * looks where.
 *
 * @param code - positive
 */
export function folderError(path: string, code: number): MillraceError {
  const existing = nearestExisting(path)
  const taken = notAFolder(path, existing)
  if (taken !== undefined) return taken
  if (code === errno.EPERM && path.slice(existing.length).includes('.')) {
    return new PinError({ path, reason: 'a bpf filesystem takes no name with a dot' })
  }
  const needs = code === errno.EPERM || code === errno.EACCES ? ([['CAP_DAC_OVERRIDE']] as const) : undefined
  return explain({ operation: `open the folder ${path}`, errno: code, needs })
}

/** The error for a path where, or above which, something else is than a folder; undefined: there is not. */
export function notAFolder(path: string, existing = nearestExisting(path)): PinError | undefined {
  if (statSync(existing, { throwIfNoEntry: false })?.isDirectory() !== false) return undefined
  return new PinError({ path, reason: `${existing} is a pin or a file, and no folder: choose another pin or pinRoot` })
}

/** What there is of the path. */
export function nearestExisting(path: string): string {
  let existing = path
  while (!existsSync(existing)) existing = dirname(existing)
  return existing
}

/**
 * What is there; undefined: nothing. Anything else than a folder on the way to it throws ENOTDIR, on every version of Node.js: some take that
 * for nothing with `throwIfNoEntry: false`.
 */
export function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    if (errnoOf(error) === errno.ENOENT) return undefined
    throw error
  }
}

/** The positive number of what Node.js's own functions throw. */
export function errnoOf(error: unknown): number {
  return Math.abs((error as NodeJS.ErrnoException).errno ?? errno.EIO)
}
