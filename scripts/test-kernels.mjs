#!/usr/bin/env node
// npm run test:kernels -- [KERNEL...]: features of the packed packages on kernels of Debian, in emulated machines.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { matrix } from './guest/matrix.mjs'
import { emulators } from './guest/qemu.mjs'
import { compareCounts, recordCounts } from './kernels/counts.mjs'
import { keepResults, keptResults } from './kernels/results.mjs'
import { runKernel } from './kernels/run.mjs'
import { markdown, textTable } from './kernels/table.mjs'
import { areas, workload } from './kernels/workload.mjs'
import { requireLinux, requireRoot } from './lib/host.mjs'
import { withLock } from './lib/lock.mjs'
import { root } from './lib/paths.mjs'
import { Progress } from './lib/progress.mjs'
import { Refusal, script } from './lib/run.mjs'
import { guestPackages } from './setup/system-packages.mjs'
import { setup } from './setup.mjs'

const usage = `usage: npm run test:kernels -- [KERNEL...] [--area AREA]... [--json FILE] [--docs] [--record]

Installs the packed packages into emulated machines with kernels of Debian, tries every feature there, and prints which works
where. Kernels: ${Object.keys(matrix).join(', ')}; by default all of them. Each is fetched once, and takes some minutes.

  --area AREA   only these: ${areas().join(', ')}
  --json FILE   write the results to FILE
  --docs        write docs/kernels.md, of the last results of each kernel
  --record      record how much the verifier has to do for each program`

const options = {
  area: { type: 'string', multiple: true },
  json: { type: 'string' },
  docs: { type: 'boolean' },
  record: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
}

await script(main)

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) return void console.log(usage)
  const kernels = positionals.length > 0 ? positionals : Object.keys(matrix)
  const chosen = values.area ?? areas()
  check(kernels, matrix)
  check(chosen, Object.fromEntries(areas().map((name) => [name, true])))
  requireLinux()
  if (process.arch !== 'x64') throw new Refusal(`The guests are started on x86-64; this machine is ${process.arch}.`)
  requireRoot('npm run test:kernels', 'install what is missing of qemu')
  await setup({ only: ['system'], debian: packagesFor(kernels) })

  const waiting = () => console.error('- Other kernels are tried in this checkout: waiting for them')
  return withLock('kernels', () => tryKernels(kernels, chosen, values), waiting)
}

async function tryKernels(kernels, chosen, values) {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop.abort())
  const progress = new Progress()
  let app = ''
  await progress.step('packages', async (note) => {
    app = await workload(note, { quiet: true, arm64: kernels.some((name) => matrix[name].arch === 'arm64') })
  })
  const runs = []
  for (const name of kernels) {
    if (stop.signal.aborted) break
    await progress.step(`Linux ${name}`, async (note) => {
      const run = await runKernel(name, { app, areas: chosen, note: loud(note, progress), signal: stop.signal })
      if (!values.area && problemsOf(run).length === 0) keepResults(run)
      runs.push(run)
    })
  }
  if (stop.signal.aborted) return 130
  return report(runs, values)
}

/** Where there is no terminal to draw on, a line for each area. */
function loud(note, progress) {
  let last = ''
  return (text) => {
    if (process.stderr.isTTY) return note(text)
    const phase = /; (\w+): /.exec(text)?.[1] ?? text
    if (phase === last) return
    last = phase
    progress.say(text)
  }
}

function report(runs, values) {
  console.log(`${textTable(runs)}\n`)
  for (const { kernel, release, seconds, features } of runs) {
    const count = (outcome) => features.filter((it) => it.outcome === outcome).length
    const missing = count('needs') + count('not configured')
    console.log(
      `${kernel}: ${release}, ${count('passed')} work, ${missing} need another kernel, ${count('failed')} failed; ${seconds} s`,
    )
  }
  const counts = values.record ? recordCounts : compareCounts
  const problems = runs.flatMap((run) => [...problemsOf(run), ...counts([run])])
  for (const problem of problems) console.log(`\n${problem}`)
  if (values.json) writeFileSync(resolve(values.json), `${JSON.stringify({ runs, problems }, null, 2)}\n`)
  if (problems.length > 0) return 1
  if (values.docs) writeFileSync(join(root, 'docs/kernels.md'), markdown(keptResults()))
  return 0
}

function problemsOf({ kernel, ended, features, console: lines, running }) {
  const failed = features.filter(({ outcome }) => outcome === 'failed')
  const problems = failed.map(({ area, name, problem }) => `${kernel}, ${area}: ${name}\n${problem}`)
  if (ended === 'off') return problems
  const how = { crashed: 'crashed', silent: 'said nothing any more', late: 'took too long' }[ended] ?? ended
  const at = running === undefined ? '' : ` at ${running.area}: ${running.name}`
  return [...problems, `${kernel}: the guest ${how}${at}. Its last lines:\n\n${lines.join('\n')}`]
}

function check(names, known) {
  const unknown = names.find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) throw new Refusal(`${unknown} is none of ${Object.keys(known).join(', ')}\n\n${usage}`)
}

function packagesFor(kernels) {
  const { 'busybox-static': _, ...emulator } = guestPackages
  const arm64 = kernels.some((name) => matrix[name].arch === 'arm64')
  return { ...emulator, ...(arm64 ? { 'qemu-system-arm': emulators.arm64.command } : {}), zstd: 'zstd' }
}
