#!/usr/bin/env node
// npm start: sets everything up, then runs the firewall example. Arguments go to the example: `npm start -- --json`.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { requireLinux, requireRoot } from './lib/host.mjs'
import { root } from './lib/paths.mjs'
import { script } from './lib/run.mjs'
import { setup } from './setup.mjs'

await script(async () => {
  // Said before minutes of set-up, not after.
  requireLinux()
  requireRoot('npm start', 'make network namespaces and attach eBPF programs')
  await setup({ quiet: process.argv.includes('--json') && !process.stderr.isTTY })
  // In this process: a signal reaches the example itself, whoever sends it.
  await import(pathToFileURL(join(root, 'examples/firewall/dist/main.js')).href)
  return process.exitCode
})
