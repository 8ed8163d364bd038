#!/usr/bin/env node
// npm run bench -- SUITE... [--json FILE] [--svg FILE]: runs bench/SUITE/index.mjs, whose default export returns rows of
// { name, unit, millrace, peers: { name: figure } }, and prints them with the peers as multiples of ours. Lower is better.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { chart } from './lib/chart.mjs'
import { requireLinux, requireRoot } from './lib/host.mjs'
import { root } from './lib/paths.mjs'
import { Refusal, script } from './lib/run.mjs'
import { setup } from './setup.mjs'

const suites = () =>
  readdirSync(join(root, 'bench')).filter((name) => existsSync(join(root, 'bench', name, 'index.mjs')))

const figure = (number, unit) => `${number >= 100 ? number.toFixed(0) : number.toPrecision(3)} ${unit}`

/** One line a row: our figure, then each peer's and how many times it ours takes. */
function table(rows) {
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))]
  const cells = rows.map(({ name, unit, millrace, peers: figures }) => [
    name,
    figure(millrace, unit),
    ...peers.map((peer) => {
      const theirs = figures[peer]
      if (theirs === undefined) return '-'
      // Of two figures at the clock's end a quotient tells nothing.
      return theirs < 1 ? figure(theirs, unit) : `${figure(theirs, unit)} (${(millrace / theirs).toFixed(2)}x)`
    }),
  ])
  const lines = [['', 'millrace', ...peers], ...cells]
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  return lines
    .map((line) => line.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[0]))))
    .map((line) => line.join('  '))
    .join('\n')
}

await script(async () => {
  const options = { json: { type: 'string' }, svg: { type: 'string' } }
  const { values, positionals: chosen } = parseArgs({ options, allowPositionals: true })
  if (chosen.length === 0 || !chosen.every((suite) => suites().includes(suite)))
    throw new Refusal(`usage: npm run bench -- SUITE... [--json FILE] [--svg FILE]\nsuites: ${suites().join(', ')}`)
  requireLinux()
  requireRoot('npm run bench', 'load programs into the kernel')
  await setup()
  const rows = []
  for (const suite of chosen) {
    const { default: run } = await import(pathToFileURL(join(root, 'bench', suite, 'index.mjs')).href)
    rows.push(...(await run()))
  }
  const suite = chosen.join(' ')
  const system = `Linux ${os.release()}, Node ${process.versions.node}`
  console.log(`${suite}: ${system}. In brackets: ours as a multiple of theirs.\n`)
  console.log(table(rows))
  if (values.json) {
    const result = { suite, kernel: os.release(), node: process.versions.node, rows }
    writeFileSync(resolve(values.json), `${JSON.stringify(result, null, 2)}\n`)
  }
  if (values.svg) writeFileSync(resolve(values.svg), chart(`${suite}: ${system}; shorter is better`, rows))
})
