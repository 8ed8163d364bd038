import { mkdirSync, rmdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { AttachBusyError, MillraceError } from '@millrace/core'
import {
  errno,
  errnoOf,
  explain,
  folderError,
  type Handle,
  isOnBpffs,
  nativeBinding,
  nearestExisting,
  notAFolder,
  notOnBpffs,
  statusOf,
} from '@millrace/core/internal'
import { DEFAULT_PIN_ROOT, folderOf } from './pins.js'

/** Who holds the lock needs some milliseconds; who takes longer was stopped. */
const PATIENCE_MS = 10_000
const PAUSE_MS = 2

/**
 * Runs `work` while no other process adopts or purges below this pin root: to look for what is there and to act on it is one
 * step then. The lock is on the folder, which only its owner may open, and the kernel gives it back however its holder ends.
 */
export function inPinFolder<T>(pinRoot: string, work: () => T): T {
  const folder = folderOf(pinRoot)
  const lock = explained(folder, () => lockFolder(folder))
  try {
    return work()
  } finally {
    nativeBinding().close(lock)
  }
}

/** Whether links can be pinned there; the folder need not exist yet. */
export function checkPinnable(pinRoot: string): void {
  const folder = nearestExisting(pinRoot)
  if (!isOnBpffs(folder)) throw notOnBpffs(folderOf(pinRoot), folder)
}

/** Removes the folder while nothing is in it; the root as well if it is the one that nobody else has named. */
export function removePinFolder(pinRoot: string): void {
  removeIfEmpty(folderOf(pinRoot))
  if (pinRoot === DEFAULT_PIN_ROOT) removeIfEmpty(pinRoot)
}

function lockFolder(path: string): Handle {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; ) {
    makeFolder(path)
    const inode = inodeOf(path)
    const lock = nativeBinding().lock(path, false)
    if (typeof lock === 'number') {
      // Whoever had the lock may have removed the folder, which may have been made anew since.
      if (inode !== undefined && inodeOf(path) === inode) return lock
      nativeBinding().close(lock)
    } else if (lock.errno === errno.EAGAIN) {
      pause()
    } else if (lock.errno !== errno.ENOENT) {
      throw notAFolder(path) ?? explain({ operation: `lock ${path}`, errno: lock.errno })
    }
  }
  const hint = `it has been changing the pins below ${path} for ${PATIENCE_MS / 1000} s`
  throw new AttachBusyError({ target: `the lock on ${path}`, holder: {}, hint })
}

/** A pin or a name with a dot on the way to the folder makes whatever looks at it throw. */
function explained<T>(path: string, look: () => T): T {
  try {
    return look()
  } catch (error) {
    throw error instanceof MillraceError ? error : folderError(path, errnoOf(error))
  }
}

function inodeOf(path: string): number | undefined {
  return statusOf(path)?.ino
}

/** With those above it, one by one: Node's own way never returns where the kernel makes no folders, as in /proc. */
function makeFolder(path: string): void {
  if (inodeOf(path) !== undefined) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    const { code, errno: negative = -errno.EIO } = error as NodeJS.ErrnoException
    // Another process has made it meanwhile, or removed what is above it: whoever called looks again.
    if (code === 'EEXIST' || inodeOf(dirname(path)) === undefined) return
    // EPERM is what sysfs says, on which /sys/fs/bpf lies where nobody has mounted a bpf filesystem.
    if (code === 'EPERM' || code === 'ENOENT') throw notOnBpffs(path, nearestExisting(path))
    throw explain({ operation: `make the folder ${path}`, errno: negative })
  }
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // Not empty, not there, or mounted.
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
}
