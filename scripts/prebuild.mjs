#!/usr/bin/env node
// npm run prebuild -- [PLATFORM...] [--json]: the addon as it goes to users, for each platform: packages/core/prebuilds/PLATFORM.
// docs/decisions/0014-prebuilt-addons.md says how it is made, and why so.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { requireLinux } from './lib/host.mjs'
import { withLock } from './lib/lock.mjs'
import { root } from './lib/paths.mjs'
import { Progress } from './lib/progress.mjs'
import { Refusal, script } from './lib/run.mjs'
import { buildAddon } from './prebuild/addon.mjs'
import { writeNotices } from './prebuild/notices.mjs'
import { writeSbom } from './prebuild/sbom.mjs'
import { targets as all, prebuiltFile } from './prebuild/targets.mjs'
import { setup } from './setup.mjs'

const usage = `usage: npm run prebuild -- [PLATFORM...] [--json]

Builds the addon of @millrace/core for ${Object.keys(all).join(' and ')}, or for those that are named,
with the licences and the bill of materials that go with it. What is built for these sources already, in any checkout, is taken
from the cache. --json prints what was made as JSON.`

/**
 * Builds what is missing or old. `targets` are platforms by the names of prebuild/targets.mjs. Returns a row for each:
 * { platform, file, bytes, sha256 }, `file` from the root of the checkout.
 */
export async function prebuild({ targets = Object.keys(all), note = () => {} } = {}) {
  const unknown = targets.find((platform) => !all[platform])
  if (unknown) throw new Refusal(`There is no platform "${unknown}".\n\n${usage}`)
  const work = async () => {
    for (const platform of targets) {
      if (targets.length > 1) note(platform)
      await buildAddon(platform, note)
    }
    await writeNotices(targets[0], note)
    await writeSbom(targets[0], note)
    return targets.map(describe)
  }
  return withLock('prebuild', work, () => note('waiting for another process that makes prebuilt addons'))
}

function describe(platform) {
  const file = prebuiltFile(platform)
  const content = readFileSync(join(root, file))
  return { platform, file, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  if (values.help) return void console.log(usage)
  requireLinux()
  await setup({ only: ['system', 'dependencies'], quiet: true })
  const rows = []
  const progress = new Progress()
  for (const platform of positionals.length > 0 ? positionals : Object.keys(all))
    await progress.step(platform, async (note) => rows.push(...(await prebuild({ targets: [platform], note }))))
  if (values.json) console.log(JSON.stringify(rows, null, 2))
  else for (const { file, bytes } of rows) console.log(`${file}  ${(bytes / 1000).toFixed(0)} kB`)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await script(main)
