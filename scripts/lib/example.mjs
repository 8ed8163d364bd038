import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { examplePackages } from '../setup/system-packages.mjs'
import { setup } from '../setup.mjs'
import { requireLinux, requireRoot } from './host.mjs'
import { root } from './paths.mjs'

/**
 * Sets everything up and runs an example in this process: a signal reaches it, whoever sends it. `command` is what the user has typed.
 * Returns the exit code.
 */
export async function runExample(name, command) {
  // Said before minutes of set-up, not after.
  requireLinux()
  requireRoot(command, 'make network namespaces and attach eBPF programs')
  await setup({ debian: examplePackages[name] ?? {}, quiet: process.argv.includes('--json') && !process.stderr.isTTY })
  await import(pathToFileURL(join(root, 'examples', name, 'dist/main.js')).href)
  return process.exitCode
}
