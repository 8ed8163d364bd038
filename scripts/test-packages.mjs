#!/usr/bin/env node
// npm run test:packages: see `usage`. The last line is `N passed, N failed`.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { requireLinux, requireRoot } from './lib/host.mjs'
import { packageManagers } from './lib/package-managers.mjs'
import { installedSizes, sizeTable, tooLarge } from './lib/package-sizes.mjs'
import { Refusal, runVisibly, script } from './lib/run.mjs'
import { countTests } from './lib/test-report.mjs'
import { pack } from './pack.mjs'

const usage = `usage: npm run test:packages -- [--json] [-- arguments for vitest]

Packs every public package, lists the sizes, which have bounds, and tests what was packed: installed with npm, pnpm and yarn where there
is nothing but Node.js, imported and required, in two versions at once, on other systems, and in bundles.

  --json   the sizes and the result as JSON on the standard output; what vitest prints goes to the standard error`

await script(async () => {
  const separator = process.argv.indexOf('--', 2)
  const ours = process.argv.slice(2, separator < 0 ? undefined : separator)
  const theirs = separator < 0 ? [] : process.argv.slice(separator + 1)
  const { values } = parseArgs({
    args: ours,
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return void console.log(usage)
  requireLinux()
  requireRoot('npm run test:packages', 'load programs into the kernel and make network namespaces')
  const folder = mkdtempSync(join(tmpdir(), 'millrace-packed-'))
  try {
    return await testPackages(folder, theirs, values.json)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

async function testPackages(folder, theirs, json) {
  const note = (text) => console.error(`- ${text}`)
  const packed = await pack(folder, undefined, { quiet: json && !process.stderr.isTTY })
  const list = join(folder, 'packed.json')
  writeFileSync(list, JSON.stringify(packed))
  const sizes = await installedSizes(packed)
  const large = tooLarge(sizes)
  if (!json) console.log(`${sizeTable(sizes)}\n`)

  const report = join(folder, 'report.json')
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/packages/vitest.config.ts']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await runVisibly(process.execPath, [...vitest, ...reporters, ...theirs], {
    env: { MILLRACE_PACKED: list, MILLRACE_MANAGERS: JSON.stringify(await packageManagers(note)) },
    stdio: json ? ['ignore', 2, 2] : 'inherit',
  })
  if (!existsSync(report)) throw new Refusal('vitest left no report')
  const counts = countTests(JSON.parse(readFileSync(report, 'utf8')), code)
  // The sizes are a test as well.
  const passed = counts.passed + (large.length === 0 ? 1 : 0)
  const failed = counts.failed + (large.length === 0 ? 0 : 1)
  for (const line of large) console.error(line)
  if (json) console.log(JSON.stringify({ sizes, passed, failed }, null, 2))
  else console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? code : 1
}
