import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { cache, root } from './paths.mjs'

const ignored = new Set(['node_modules', 'dist', 'build', '.cache', '.git'])

/** Files below a path of the checkout, sorted: the path itself when it is a file, nothing when it is absent. */
export function filesBelow(path, accept = () => true) {
  const absolute = join(root, path)
  if (!existsSync(absolute)) return []
  if (!statSync(absolute).isDirectory()) return [path]
  return readdirSync(absolute, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const below = join(path, entry.name)
      if (entry.isDirectory()) return ignored.has(entry.name) ? [] : filesBelow(below, accept)
      return accept(below) ? [below] : []
    })
}

/** One hash over names and contents of files and over `extra`. */
export function hashOf(files, ...extra) {
  const hash = createHash('sha256').update(JSON.stringify(extra))
  for (const file of files) {
    const content = existsSync(resolve(root, file)) ? readFileSync(resolve(root, file)) : 'absent'
    hash.update(`\0${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

const stampFile = (name) => join(cache, 'stamps', name.replaceAll('/', '.'))

/** What was recorded when the work of that name was last completed, or undefined. */
export function readStamp(name) {
  const file = stampFile(name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Written when the work is complete, in one step: an interrupted run leaves no stamp to trust. */
export function writeStamp(name, content) {
  const file = stampFile(name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.${process.pid}`, content)
  renameSync(`${file}.${process.pid}`, file)
}

export function removeStamp(name) {
  rmSync(stampFile(name), { force: true })
}

/**
 * Does `work` unless it was completed for the same `key` and its `outputs` are still there. True when it had to.
 * The key is taken before the work: what changes meanwhile is seen by the next run.
 */
export async function unlessCurrent(name, key, outputs, work) {
  if (readStamp(name) === key && outputs.every((path) => existsSync(join(root, path)))) return false
  removeStamp(name)
  await work()
  writeStamp(name, key)
  return true
}
