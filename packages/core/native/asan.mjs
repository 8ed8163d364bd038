#!/usr/bin/env node
// Runs test files, or one script, with the addon that was built with AddressSanitizer (pnpm build:native:asan).
//
//   node native/asan.mjs [TEST...]           vitest; when none is named, all tests of the addon, and of buffers of every size
//   node native/asan.mjs SCRIPT.mjs [...]    node
//
// Memory that is never freed is reported where a function of the addon allocated it; Node's own is not ours to mend.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const addon = fileURLToPath(new URL('../build/asan/RelWithDebInfo/millrace.node', import.meta.url))
if (!existsSync(addon)) {
  console.error('There is no build with AddressSanitizer yet: pnpm --filter @millrace/core build:native:asan')
  process.exit(1)
}

const named = process.argv.slice(2)
const [first, ...others] = named.length > 0 ? named : ['packages/core/native', 'packages/maps/src/safety']
const vitest = join(createRequire(join(root, 'package.json')).resolve('vitest/package.json'), '../vitest.mjs')
const isScript = /\.[cm]?js$/.test(first)
const command = isScript
  ? [first, ...others]
  : [
      vitest,
      'run',
      '--pool=threads',
      '--typecheck=false',
      '--no-file-parallelism',
      '--testTimeout=600000',
      first,
      ...others,
    ]

const reports = mkdtempSync(join(tmpdir(), 'millrace-asan-'))
const runtime = execFileSync('c++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim()
const { status } = spawnSync(process.execPath, command, {
  cwd: isScript ? process.cwd() : root,
  stdio: 'inherit',
  env: {
    ...process.env,
    LD_PRELOAD: runtime,
    // Processes report into files: what a test runner makes of an exit code is its own affair.
    ASAN_OPTIONS: `detect_leaks=1:exitcode=0:log_path=${join(reports, 'report')}`,
    MILLRACE_NATIVE_BINDING: addon,
    // Held by the main thread as well: a worker that ends unloads it, and with it the names of its functions. The programs
    // that tests start are not to be instrumented: some hang.
    NODE_OPTIONS: `--require=${addon} --import=data:text/javascript,delete%20process.env.LD_PRELOAD`,
  },
})

// A report of leaks is a list of stacks, one paragraph each; any other is about one error.
const found = readdirSync(reports).flatMap((name) => {
  const report = readFileSync(join(reports, name), 'utf8')
  if (!report.includes('LeakSanitizer: detected memory leaks')) return [report]
  // What Node allocates while the addon calls it is Node's own.
  const isOurs = (stack) => stack.includes('millrace::') && !stack.split('millrace::')[0].includes(process.execPath)
  return report.split('\n\n').filter((stack) => /leak of/.test(stack) && isOurs(stack))
})
rmSync(reports, { recursive: true })

for (const report of found) console.error(report)
console.log(`AddressSanitizer: ${found.length === 0 ? 'nothing found' : `${found.length} found`}`)
process.exitCode = found.length > 0 ? 1 : (status ?? 1)
