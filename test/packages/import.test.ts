import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { Project } from './support/project.js'

const packages = inject('packages').filter((name) => name !== '@millrace/bpf')

let project: Project
beforeAll(async () => {
  project = await Project.create(Object.fromEntries(inject('packages').map((name) => [name, '*'])))
})
afterAll(() => project[Symbol.dispose]())

function manifestOf(name: string) {
  return JSON.parse(readFileSync(project.path(`node_modules/${name}/package.json`), 'utf8'))
}

/** `@millrace/maps` and `@millrace/maps/codec`, as a program names them. */
function entries(): string[] {
  return packages.flatMap((name) => Object.keys(manifestOf(name).exports as object).map((path) => name + path.slice(1)))
}

it('every entry is imported and required, and both get the same module', async () => {
  const { results, warnings } = await project.run<{ results: [string, number, string[]][]; warnings: string[] }>(
    'entries.mjs',
    `
    import { createRequire } from 'node:module'
    const warnings = []
    process.on('warning', ({ message }) => warnings.push(message))
    const require = createRequire(import.meta.url)
    const results = []
    for (const entry of ${JSON.stringify(entries())}) {
      const imported = await import(entry)
      const required = require(entry)
      const names = Object.keys(imported)
      results.push([entry, names.length, names.filter((name) => imported[name] !== required[name])])
    }
    await new Promise((resolve) => setImmediate(resolve))
    console.log(JSON.stringify({ results, warnings }))`,
  )
  expect(results.map(([entry]) => entry)).toEqual(entries())
  for (const [entry, names, different] of results) {
    expect(names, entry).toBeGreaterThan(0)
    expect(different, entry).toEqual([])
  }
  expect(warnings).toEqual([])
})

it('CommonJS may require first, and asks for a map and its errors', async () => {
  const result = await project.run(
    'first.cjs',
    `
    const { RawMap, ClosedError } = require('@millrace/core')
    const { HashMap } = require('@millrace/maps')
    const map = RawMap.create({ type: 'hash', name: 'required', keySize: 4, valueSize: 4, maxEntries: 1 })
    map.close()
    import('@millrace/core').then((esm) => {
      let error
      try { map.lookup(new Uint8Array(4), new Uint8Array(4)); map.info() } catch (thrown) { error = thrown }
      console.log(JSON.stringify([map instanceof esm.RawMap, error instanceof esm.ClosedError, error instanceof ClosedError]))
    })`,
  )
  expect(result).toEqual([true, true, true])
})

describe('what is published', () => {
  it.each(inject('packages'))('%s runs no script when it is installed, and names versions and no places', (name) => {
    const manifest = manifestOf(name)
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(manifest.scripts ?? {}).not.toHaveProperty(script)
    for (const range of Object.values({ ...manifest.dependencies, ...manifest.peerDependencies }))
      expect(range).toMatch(/^\^?\d+\.\d+\.\d+$/)
  })

  it('installs from the tarballs alone, as the README says, with what they depend on', async () => {
    using other = await Project.create(
      Object.fromEntries(inject('tarballs').map(({ name, file }) => [name, `file:${file}`])),
    )
    const { same } = await other.run<{ same: boolean }>(
      'one.mjs',
      `import { createRequire } from 'node:module'
      const require = createRequire(import.meta.url)
      const ofMaps = createRequire(require.resolve('@millrace/maps')).resolve('@millrace/core')
      console.log(JSON.stringify({ same: ofMaps === require.resolve('@millrace/core') }))`,
    )
    expect(same).toBe(true)
  })

  it('leaves no host in a lockfile but the one that was asked', () => {
    const hosts = readFileSync(project.path('package-lock.json'), 'utf8').match(/https?:\/\/[^"]+/g) ?? []
    expect(hosts.filter((url) => !url.startsWith(inject('registry')))).toEqual([])
  })
})
