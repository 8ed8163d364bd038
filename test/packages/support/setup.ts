import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { ipaddrTarball, serveRegistry, tar } from './registry.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** of the registry that has our packages */
    registry: string
    /** names of our packages, in order */
    packages: readonly string[]
    tarballs: readonly { readonly name: string; readonly file: string }[]
  }
}

interface Packed {
  readonly name: string
  readonly version: string
  readonly file: string
}

/** Puts the tarballs that scripts/test-packages.mjs made into a registry. Core is there in a second, later version too. */
export default async function setup(project: TestProject) {
  const packed = JSON.parse(readFileSync(process.env.MILLRACE_PACKED ?? '', 'utf8')) as Packed[]
  const folder = mkdtempSync(join(tmpdir(), 'millrace-registry-'))
  const core = packed.find(({ name }) => name === '@millrace/core')
  if (core === undefined) throw new Error('core was not packed')
  const registry = await serveRegistry([
    ...packed.map(({ file }) => file),
    repack(core.file, folder, { version: laterThan(core.version) }),
    ipaddrTarball(folder),
  ])
  project.provide('registry', registry.url)
  project.provide('tarballs', packed)
  project.provide(
    'packages',
    packed.map(({ name }) => name),
  )
  return () => {
    registry.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The next major version, which no range of the present one includes. */
function laterThan(version: string): string {
  return `${Number(version.split('.')[0]) + 1}.0.0`
}

/** The same package with these fields in its manifest. */
function repack(file: string, folder: string, change: Record<string, string>): string {
  const unpacked = mkdtempSync(join(folder, 'package-'))
  execFileSync('tar', ['-xzf', file, '-C', unpacked])
  const manifest = join(unpacked, 'package/package.json')
  writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), ...change }))
  return tar(unpacked)
}
