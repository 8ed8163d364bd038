#!/usr/bin/env node
// npm test: sets everything up, then runs the whole suite. Arguments go to vitest: `npm test -- packages/maps -t 'batch'`;
// `--filter TEXT` is another way to say TEXT, the files whose path contains it.
// The last line is `N passed, N failed`.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { requireLinux, requireRoot } from './lib/host.mjs'
import { cache } from './lib/paths.mjs'
import { runVisibly, script } from './lib/run.mjs'
import { countTests } from './lib/test-report.mjs'
import { testPackages } from './setup/system-packages.mjs'
import { setup } from './setup.mjs'

await script(async () => {
  requireLinux()
  requireRoot('npm test', 'load programs into the kernel and make network namespaces')
  await setup({ debian: testPackages })
  const file = join(cache, 'test-report.json')
  rmSync(file, { force: true })
  const secondTries = '--reporter=./scripts/lib/second-try-reporter.mjs'
  const reporters = ['--reporter=default', secondTries, '--reporter=json', `--outputFile.json=${file}`]
  const exitCode = await runVisibly(process.execPath, [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...reporters,
    ...process.argv.slice(2).filter((argument) => argument !== '--filter'),
  ])
  const { passed, failed } = existsSync(file)
    ? countTests(JSON.parse(readFileSync(file, 'utf8')), exitCode)
    : { passed: 0, failed: 1 }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 ? exitCode : exitCode || 1
})
