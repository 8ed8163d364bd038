import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Link, PinError, Program } from '@millrace/core'
import { errnoOf, folderError, isOnBpffs, nearestExisting, notOnBpffs } from '@millrace/core/internal'
import { FolderLock } from './folder-lock.js'
import { InstanceFolder } from './instance-folder.js'

/** Where chains are pinned, unless told otherwise: the folder that the other packages use as well. */
export const DEFAULT_PIN_ROOT = '/sys/fs/bpf/millrace'

/**
 * Where a chain was put, as its folder has noted it. A link tells that itself; of a chain that the hook keeps without one nobody else knows, and who
 * asked for another hook would take it for gone.
 */
export interface NotedPlace {
  /** inode number of the network namespace */
  readonly netns: number
  readonly ifindex: number
  /** `xdp`, or the direction on tc */
  readonly hook: string
}

/**
 * The pins of a chain, held by one process at a time: `link`, which keeps it on its hook (there is none where the hook itself
 * keeps the program), `end`, the program behind the last stage, a folder for each instance, and an empty one whose name tells the hook.
 *
 * Which of the instances make up the chain is not written here: the hook and the slots say so. What is here and not on that way is
 * what a change has not got to yet, or has left behind.
 */
export class ChainFolder implements Disposable {
  readonly path: string
  readonly #lock: FolderLock
  #sequence: number

  private constructor(path: string, lock: FolderLock) {
    this.path = path
    this.#lock = lock
    this.#sequence = Math.max(0, ...this.instances().map(({ sequence }) => sequence))
  }

  static pathOf(pinRoot: string, name: string): string {
    return join(pinRoot, 'chain', name)
  }

  /**
   * Undefined: there is none.
   *
   * @throws ChainLockedError, PinError when there is no folder but something else
   */
  static open(path: string): ChainFolder | undefined {
    const lock = FolderLock.take(path)
    if (lock === undefined) return undefined
    try {
      return new ChainFolder(path, lock)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /**
   * Makes the folder, or opens the one that is there.
   *
   * @throws ChainLockedError, PinError when it is not on a bpf filesystem, or something else is there
   */
  static make(path: string): ChainFolder {
    checkFilesystem(path)
    for (;;) {
      makeFolder(path)
      const folder = ChainFolder.open(path)
      if (folder !== undefined) return folder
    }
  }

  instances(): InstanceFolder[] {
    return InstanceFolder.list(this.path)
  }

  makeInstance({ stage, tailCalls }: { readonly stage: string; readonly tailCalls: number }): InstanceFolder {
    return InstanceFolder.make(this.path, { sequence: ++this.#sequence, stage, tailCalls })
  }

  pinLink(link: Link): void {
    link.pin(join(this.path, 'link'))
  }

  /** Undefined: none is pinned. */
  openLink(): Link | undefined {
    return unlessMissing(join(this.path, 'link'), (path) => Link.open(path))
  }

  /** To be done before the chain is on its hook. */
  notePlace({ netns, ifindex, hook }: NotedPlace): void {
    mkdirSync(join(this.path, `on-${netns}-${ifindex}-${hook}`))
  }

  /** Undefined: nobody has noted it. */
  notedPlace(): NotedPlace | undefined {
    for (const file of readdirSync(this.path)) {
      const [, netns, ifindex, hook] = /^on-(\d+)-(\d+)-(\w+)$/.exec(file) ?? []
      if (hook !== undefined) return { netns: Number(netns), ifindex: Number(ifindex), hook }
    }
    return undefined
  }

  /** @param frags - whether it takes packets in several buffers, which an opened program does not tell */
  pinEnd(end: Program, frags: boolean): void {
    end.pin(join(this.path, frags ? 'end-frags' : 'end'))
  }

  /** Undefined: none is pinned. */
  openEnd(): { readonly end: Program; readonly frags: boolean } | undefined {
    const end = unlessMissing(join(this.path, 'end'), (path) => Program.open(path))
    if (end !== undefined) return { end, frags: false }
    const withFrags = unlessMissing(join(this.path, 'end-frags'), (path) => Program.open(path))
    return withFrags && { end: withFrags, frags: true }
  }

  /** Removes all pins in the folder, and keeps it. */
  clear(): void {
    for (const file of readdirSync(this.path)) rmSync(join(this.path, file), { recursive: true, force: true })
  }

  /** Removes the folder with all that is in it, and releases it. What is at work stays so while something else holds it. */
  remove(): void {
    this.clear()
    rmdirSync(this.path)
    this.release()
  }

  /** Lets others have it. */
  release(): void {
    this.#lock.release()
  }

  [Symbol.dispose](): void {
    this.release()
  }
}

/** A folder that is made elsewhere would stay there. */
function checkFilesystem(path: string): void {
  const existing = nearestExisting(path)
  if (!isOnBpffs(existing)) throw notOnBpffs(path, existing)
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw folderError(path, errnoOf(error))
  }
}

function unlessMissing<T>(path: string, open: (path: string) => T): T | undefined {
  try {
    return open(path)
  } catch (error) {
    if (error instanceof PinError && !existsSync(path)) return undefined
    throw error
  }
}
