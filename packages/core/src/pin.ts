import { lstatSync, rmSync, statfsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Binding, Handle, ObjectKind } from './binding.js'
import { type CapabilityNeeds, needsBpf } from './capabilities.js'
import { checkString } from './check.js'
import { errno, errnoName, errnoText } from './errno.js'
import { type MillraceError, PinError } from './errors/index.js'
import { explain } from './explain.js'

/** f_type of a bpf filesystem, from linux/magic.h. */
const bpfFilesystem = 0xcafe4a11

/** The access to a pinned map. */
export type PinAccess = 'read-write' | 'read-only' | 'write-only'

const accessFlags: Readonly<Record<PinAccess, number>> = { 'read-write': 0, 'read-only': 1 << 3, 'write-only': 1 << 4 }

export function pin(native: Binding, kind: ObjectKind, handle: Handle, path: string): void {
  checkString('path', path)
  const result = native.pin(handle, path)
  if (result < 0) throw pinError(path, `pin the ${kind} at ${path}`, result)
}

/** Removes a pin, once sure that it is of the object with this id. */
export function unpin(native: Binding, kind: ObjectKind, id: number, path: string | undefined): void {
  if (path === undefined) throw new PinError({ path: '', reason: `this ${kind} is not pinned` })
  checkString('path', path)
  const handle = openPin(native, kind, path)
  try {
    if (idOf(native, kind, handle) !== id) throw new PinError({ path, reason: `another ${kind} is pinned there` })
  } finally {
    native.close(handle)
  }
  rmSync(path)
}

/** Opens a pin of the kind asked for. */
export function openPin(native: Binding, kind: ObjectKind, path: string, access: PinAccess = 'read-write'): Handle {
  checkString('path', path)
  const opened = native.pinOpen(path, accessFlags[access])
  if ('errno' in opened) throw pinError(path, `open the ${kind} pinned at ${path}`, opened.errno)
  if (opened.kind === kind) return opened.handle
  native.close(opened.handle)
  throw new PinError({ path, reason: `a ${opened.kind} is pinned there and not a ${kind}` })
}

function idOf(native: Binding, kind: ObjectKind, handle: Handle): number {
  const readers = { map: native.mapInfo, program: native.programInfo, link: native.linkInfo }
  const info = readers[kind](handle)
  if ('errno' in info) throw explain({ operation: `read the info of the pinned ${kind}`, errno: info.errno })
  return info.id
}

/** The kernel says EPERM or EINVAL for almost everything that can be wrong with a path; this looks. */
function pinError(path: string, operation: string, code: number): MillraceError {
  const positive = Math.abs(code)
  const folder = dirname(path)
  if (positive === errno.EMFILE || positive === errno.ENFILE) return explain({ operation, errno: positive })
  if (positive === errno.EEXIST) return new PinError({ path, reason: 'the path is taken already' })
  if (positive === errno.ENOENT) {
    const reason = exists(folder) ? 'nothing is pinned there' : `the folder ${folder} does not exist`
    return new PinError({ path, reason })
  }
  if (exists(folder) && !isOnBpffs(folder)) return notOnBpffs(path, folder)
  if (positive === errno.EPERM && basename(path).includes('.') && !exists(path)) {
    return new PinError({ path, reason: 'a bpf filesystem takes no name with a dot' })
  }
  if (positive === errno.EPERM || positive === errno.EACCES) {
    // EACCES is the word of the file's or its folder's permissions, which no other capability changes.
    const needs: CapabilityNeeds = positive === errno.EACCES ? [['CAP_DAC_OVERRIDE']] : needsBpf
    return explain({ operation, errno: positive, needs, hint: 'the path or its folder denies it' })
  }
  if (exists(path)) return new PinError({ path, reason: `what is there is no pin (${errnoName(positive)})` })
  return new PinError({ path, reason: `${errnoText(positive)} (${errnoName(positive)})` })
}

/** Not to mount one there is on purpose: it would hide what is in the folder. */
export function notOnBpffs(path: string, folder: string): PinError {
  const reason = `${folder} is not on a bpf filesystem; pin below one, such as /sys/fs/bpf (mount -t bpf bpf /sys/fs/bpf)`
  return new PinError({ path, reason })
}

export function isOnBpffs(folder: string): boolean {
  try {
    return statfsSync(folder).type === bpfFilesystem
  } catch {
    return false
  }
}

function exists(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}
