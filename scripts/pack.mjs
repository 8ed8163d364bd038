#!/usr/bin/env node
// npm run pack -- [FOLDER]: the tarballs that would be published, of every public package. What they need is set up and
// built first.
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { requireLinux } from './lib/host.mjs'
import { cache, root } from './lib/paths.mjs'
import { publicPackages } from './lib/public-packages.mjs'
import { inParallel, Refusal, run, script } from './lib/run.mjs'
import { prebuild } from './prebuild.mjs'
import { pnpm } from './setup/dependencies.mjs'
import { setup } from './setup.mjs'

const usage = `usage: npm run pack -- [FOLDER] [--json]

Packs every public package into FOLDER, by default .cache/packages, and lists the tarballs: --json as JSON, with their files.`

/** What no package can do without, besides what its package.json names. */
const everywhere = ['README.md', 'LICENSE', 'package.json']

/**
 * Sets up and builds what is missing or old, and packs every public package into `folder`, an absolute path that is made when it
 * is missing. Returns a row for each: { name, version, file, files, packed }, `packed` in bytes.
 */
export async function pack(folder, note = () => {}, { quiet = false } = {}) {
  requireLinux()
  await setup({ quiet })
  await prebuild({ note })
  mkdirSync(folder, { recursive: true })
  const [command, ...args] = await pnpm(note)
  return inParallel(publicPackages(), async ({ folder: source, manifest }) => {
    note(manifest.name)
    const { stdout } = await run(command, [...args, 'pack', '--json', '--pack-destination', folder], {
      cwd: join(root, source),
      env: { CI: 'true', npm_config_loglevel: 'error' },
    })
    const { filename: file, files } = JSON.parse(stdout)
    const row = { name: manifest.name, version: manifest.version, file, files: files.map(({ path }) => path) }
    const missing = [...everywhere, ...objectsOf(source, row.files)].filter((path) => !row.files.includes(path))
    if (missing.length > 0) throw new Refusal(`${manifest.name}: the tarball lacks ${missing.join(', ')}`)
    return { ...row, packed: statSync(file).size }
  })
}

/** Object files that the bundles name: `new URL('firewall.bpf.o', import.meta.url)`. */
function objectsOf(source, files) {
  const bundles = files.filter((path) => /^dist\/.*\.js$/.test(path))
  const names = bundles.flatMap((path) => [
    ...readFileSync(join(root, source, path), 'utf8').matchAll(/new URL\(["'](?:\.\/)?([\w.-]+\.bpf\.o)["']/g),
  ])
  return names.map(([, name]) => `dist/${name}`)
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  if (values.help) return void console.log(usage)
  if (positionals.length > 1) throw new Refusal(usage)
  const folder = resolve(positionals[0] ?? join(cache, 'packages'))
  if (positionals.length === 0) rmSync(folder, { recursive: true, force: true })
  const rows = await pack(folder, undefined, { quiet: values.json && !process.stderr.isTTY })
  if (values.json) console.log(JSON.stringify(rows, null, 2))
  else for (const { file, packed } of rows) console.log(`${String(Math.ceil(packed / 1000)).padStart(6)} kB  ${file}`)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await script(main)
