import { readFileSync, type Stats } from 'node:fs'
import {
  errno,
  errnoOf,
  explain,
  folderError,
  type Handle,
  nativeBinding,
  notAFolder,
  statusOf,
} from '@millrace/core/internal'
import { ChainLockedError } from '../errors/index.js'

/** How often to try again when the folder was exchanged for another one meanwhile. */
const ATTEMPTS = 10

/** The only one that may change what is in a folder, until it is released or the process ends, however it ends. */
export class FolderLock implements Disposable {
  readonly #handle: Handle

  private constructor(handle: Handle) {
    this.#handle = handle
  }

  /**
   * Undefined: there is no such folder.
   *
   * @throws ChainLockedError when somebody else has it
   * @throws PinError when there is no folder but something else
   */
  static take(path: string): FolderLock | undefined {
    for (let attempt = 1; ; attempt++) {
      const before = folderAt(path)
      const taken = before && notAFolder(path, path)
      if (taken !== undefined) throw taken
      const handle = nativeBinding().lock(path, false)
      if (typeof handle === 'number') {
        const lock = new FolderLock(handle)
        // Between its opening and its locking somebody may have removed the folder, and made another: a number is not used again.
        if (before !== undefined && before.ino === folderAt(path)?.ino) return lock
        lock.release()
      } else if (handle.errno === errno.ENOENT) return undefined
      else if (handle.errno === errno.EAGAIN) throw new ChainLockedError({ path, pid: holderOf(path) })
      else throw explain({ operation: `lock the folder ${path}`, errno: handle.errno })
      if (attempt === ATTEMPTS) throw new ChainLockedError({ path, pid: undefined })
    }
  }

  release(): void {
    nativeBinding().close(this.#handle)
  }

  [Symbol.dispose](): void {
    this.release()
  }
}

function folderAt(path: string): Stats | undefined {
  try {
    return statusOf(path)
  } catch (error) {
    throw folderError(path, errnoOf(error))
  }
}

/** As /proc/locks tells it; undefined: it does not. */
function holderOf(path: string): number | undefined {
  const folder = folderAt(path)
  if (folder === undefined) return undefined
  for (const line of readFileSync('/proc/locks', 'utf8').split('\n')) {
    // 1: FLOCK  ADVISORY  WRITE 4242 00:28:247232 0 EOF
    const [, pid, major, minor, inode] = /: FLOCK .* (\d+) ([\da-f]+):([\da-f]+):(\d+) /.exec(line) ?? []
    if (Number(inode) !== folder.ino || deviceNumber(major, minor) !== folder.dev) continue
    return Number(pid) > 0 ? Number(pid) : undefined
  }
  return undefined
}

/** As stat(2) has it, of numbers below 256. */
function deviceNumber(major = '', minor = ''): number {
  return Number.parseInt(major, 16) * 256 + Number.parseInt(minor, 16)
}
