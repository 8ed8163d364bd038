#!/usr/bin/env node
// npm run check: everything about the sources that can be told without running them. All steps run, also after one has
// failed; the last line is `N passed, N failed`.
import { parseArgs } from 'node:util'
import { checkBpf } from './build-bpf.mjs'
import { format, tidy } from './check/c-style.mjs'
import { hygiene } from './check/hygiene.mjs'
import { packages } from './check/packages.mjs'
import { checkExamples } from './check-examples.mjs'
import { inParallel, Refusal, run, script } from './lib/run.mjs'
import { checkPackages } from './setup/system-packages.mjs'
import { setup } from './setup.mjs'

const tool = (name, ...args) => run(`node_modules/.bin/${name}`, args, { env: { NO_COLOR: '1' } })

const all = ['system', 'dependencies', 'native', 'addon', 'bpf', 'build']
const sources = ['system', 'dependencies']

/** By name: the set-up steps that it stands on, and the check. */
const steps = {
  types: [sources, () => tool('tsc', '--project', 'tsconfig.json')],
  'type tests': [sources, () => tool('vitest', 'run', '--typecheck.only')],
  biome: [sources, () => tool('biome', 'ci', '--error-on-warnings', '--colors=off', '.')],
  'clang-format': [sources, format],
  'clang-tidy': [[...sources, 'native', 'addon'], tidy],
  knip: [sources, () => tool('knip', '--no-config-hints')],
  generated: [[...sources, 'native'], () => checkBpf()],
  typedoc: [sources, () => tool('typedoc', '--emit', 'none', '--skipErrorChecking', '--treatWarningsAsErrors')],
  packages: [all, packages],
  examples: [sources, checkExamples],
  hygiene: [sources, hygiene],
}

const usage = `usage: npm run check -- [--only STEP[,STEP...]]\nsteps: ${Object.keys(steps).join(', ')}`

async function check(name) {
  const started = performance.now()
  let ok = true
  try {
    await steps[name][1]()
  } catch (error) {
    ok = false
    console.log(`\n== ${name}\n${error instanceof Refusal ? error.message : error.stack}\n`)
  }
  return { name, ok, seconds: (performance.now() - started) / 1000 }
}

await script(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) return void console.log(usage)
  const names = values.only?.split(',') ?? Object.keys(steps)
  const unknown = names.find((name) => !steps[name])
  if (unknown) throw new Refusal(`There is no step "${unknown}".\n${usage}`)
  await setup({ only: names.flatMap((name) => steps[name][0]), debian: checkPackages })
  const results = await inParallel(names, check)
  for (const { name, ok, seconds } of results)
    console.log(`${ok ? '✓' : '✗'} ${name.padEnd(14)} ${seconds.toFixed(1).padStart(5)} s`)
  const failed = results.filter(({ ok }) => !ok).length
  console.log(`${results.length - failed} passed, ${failed} failed`)
  return failed ? 1 : 0
})
