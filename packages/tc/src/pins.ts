import { type Dirent, readdirSync, rmSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { ArgumentError, Link, PinError } from '@millrace/core'
import { checkString } from '@millrace/core/internal'

/** Where {@link adoptTc} pins, unless told otherwise. */
export const DEFAULT_PIN_ROOT = '/sys/fs/bpf/millrace'

/** The folder of this package below a pin root. */
export const folderOf = (pinRoot: string): string => join(pinRoot, 'tc')

/** A link that is pinned below a root. */
export interface Pin {
  readonly path: string
  readonly name: string
  readonly linkId: number
  /** 0: the interface is gone, or somebody has detached the link */
  readonly ifindex: number
}

/**
 * `firewall@ingress-2-117`: name, and what makes it unique: direction, index of the interface, id of the link. Of these only the
 * name is read; the link itself tells where it is, also after its interface has moved to another namespace.
 */
const FILE_NAME = /^([^@]+)@(?:ingress|egress)-\d+-\d+$/

export function pinPath(pinRoot: string, name: string, direction: string, ifindex: number, linkId: number): string {
  return join(folderOf(pinRoot), `${name}@${direction}-${ifindex}-${linkId}`)
}

/** All of them; none when the root does not exist. What else lies there is somebody else's. */
export function readPins(pinRoot: string): Pin[] {
  return filesIn(folderOf(pinRoot)).flatMap((file) => {
    const name = FILE_NAME.exec(file.name)?.[1]
    if (name === undefined || file.isDirectory()) return []
    const pin = readPin(join(folderOf(pinRoot), file.name), name)
    return pin === undefined ? [] : [pin]
  })
}

/** Removes the file; what the link holds stays while anything else holds the link. */
export function removePin(path: string): void {
  rmSync(path, { force: true })
}

/** In its shortest form, since clsact filters are compared by it. */
export function checkPinRoot(value: unknown): string {
  const argument = 'options.pinRoot'
  const path = checkString(argument, value)
  if (isAbsolute(path)) return resolve(path)
  throw new ArgumentError({ argument, value, expected: 'an absolute path' })
}

function readPin(path: string, name: string): Pin | undefined {
  try {
    using link = Link.open(path)
    const { id, ifindex = 0, type } = link.info()
    return type === 'tcx' ? { path, name, linkId: id, ifindex } : undefined
  } catch (error) {
    // Removed since it was listed, or no pin of a link.
    if (error instanceof PinError) return undefined
    throw error
  }
}

function filesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
}
