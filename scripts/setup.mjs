#!/usr/bin/env node
// Makes a fresh Debian 12 with Node.js ready to run, test and change Millrace. Running it again costs a moment: a step is
// skipped while nothing that it depends on has changed.
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { buildBpf } from './build-bpf.mjs'
import { buildablePackages, buildPackage } from './lib/build-package.mjs'
import { nativePrefix } from './lib/clang.mjs'
import { requireLinux, requireNode } from './lib/host.mjs'
import { withLock } from './lib/lock.mjs'
import { Progress } from './lib/progress.mjs'
import { inParallel, Refusal, script } from './lib/run.mjs'
import { addon } from './setup/addon.mjs'
import { dependencies } from './setup/dependencies.mjs'
import { buildPackages, systemPackages } from './setup/system-packages.mjs'

const steps = {
  system: ['Debian packages', (note, extra) => systemPackages({ ...buildPackages, ...extra }, note)],
  dependencies: ['npm packages', dependencies],
  native: ['libbpf, libelf, zlib', nativeLibraries],
  addon: ['Native addon', addon],
  bpf: ['eBPF objects', async (note) => (await buildBpf({ note })) > 0],
  build: ['Packages', build],
}

const usage = `usage: node scripts/setup.mjs [--only STEP[,STEP...]] [--quiet]

Steps, in order: ${Object.keys(steps).join(', ')}. Without --only, all of them.
--quiet prints nothing unless something fails. Logs are kept in .cache/logs.`

async function nativeLibraries(note) {
  const notice = setTimeout(() => note('fetching sources from Debian and building them, once for all checkouts'), 500)
  const started = performance.now()
  await nativePrefix().finally(() => clearTimeout(notice))
  return performance.now() - started > 2000
}

async function build(note) {
  const built = await inParallel(buildablePackages(), (folder) => buildPackage(folder, note))
  return built.includes(true)
}

/**
 * Runs the steps named in `only`, or all. `debian` names packages to install besides those that a build needs, as in
 * setup/system-packages.mjs.
 */
export async function setup({ only = Object.keys(steps), quiet = false, debian = {} } = {}) {
  requireNode()
  requireLinux()
  const unknown = only.find((name) => !steps[name])
  if (unknown) throw new Refusal(`There is no step "${unknown}".\n\n${usage}`)
  const progress = new Progress({ quiet })
  const work = async () => {
    for (const [name, [title, step]] of Object.entries(steps))
      if (only.includes(name)) await progress.step(title, (note) => step(note, debian))
  }
  await withLock('setup', work, () => progress.say('Another set-up is at work in this checkout: waiting for it'))
  progress.finish()
}

async function main() {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, quiet: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return void console.log(usage)
  await setup({ only: values.only?.split(','), quiet: values.quiet })
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await script(main)
