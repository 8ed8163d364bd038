// Archives in the format "newc" of cpio, which the kernel unpacks at start: several in one file are unpacked one after the other.
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

const DIRECTORY = 0o040755
const LINK = 0o120777

/** Entries of a folder and all that lies in it, below `target`. */
export function folderEntries(folder, target) {
  const entries = [directory(target)]
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    const stats = lstatSync(path)
    if (stats.isDirectory()) entries.push(...folderEntries(path, `${target}/${name}`))
    else if (stats.isSymbolicLink()) entries.push(link(`${target}/${name}`, readlinkSync(path)))
    else if (stats.isFile())
      entries.push(file(`${target}/${name}`, readFileSync(path), stats.mode & 0o111 ? 0o755 : 0o644))
  }
  return entries
}

/** Paths have no slash in front. */
export const directory = (path) => entry(path, DIRECTORY, Buffer.alloc(0))
export const link = (path, target) => entry(path, LINK, Buffer.from(target))
export const file = (path, bytes, mode = 0o644) => entry(path, 0o100000 | mode, Buffer.from(bytes))

/** One archive of entries. */
export const archive = (entries) => Buffer.concat([...entries.flat(), entry('TRAILER!!!', 0, Buffer.alloc(0))])

function entry(name, mode, bytes) {
  const path = Buffer.from(`${name.replace(/^\/+/, '')}\0`)
  // Magic; inode, mode, user, group, links, time, size, device and special device in two numbers each, length of the name, checksum.
  const numbers = [0, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, path.length, 0]
  const header = Buffer.from(`070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`)
  return Buffer.concat([padded(Buffer.concat([header, path])), padded(bytes)])
}

const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
