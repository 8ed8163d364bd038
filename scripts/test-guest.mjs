#!/usr/bin/env node
// npm run test:guest: the tests that need a kernel which replaces functions of programs (freplace) or has netkit, in virtual machines
// with kernels of Debian, which are fetched once. By emulation: it takes some minutes, and no support of the processor. Arguments go
// to vitest.
import { requireLinux, requireRoot } from './lib/host.mjs'
import { Refusal, runVisibly, script } from './lib/run.mjs'
import { guestPackages, testPackages } from './setup/system-packages.mjs'
import { setup } from './setup.mjs'

const packages = ['dispatcher', 'tc']

await script(async () => {
  requireLinux()
  if (process.arch !== 'x64')
    throw new Refusal(`The guests run the programs of this machine, and are x86-64; this machine is ${process.arch}.`)
  requireRoot('npm run test:guest', 'show the files of this machine to a guest whose tests are root')
  const only = ['system', 'dependencies', 'native', 'addon', 'bpf']
  await setup({ only, debian: { ...testPackages, ...guestPackages } })
  let code = 0
  for (const name of packages) {
    const config = `packages/${name}/test/guest/vitest.config.ts`
    // A file that the arguments name is in one of them.
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--passWithNoTests', '--config', config]
    code = Math.max(code, await runVisibly(process.execPath, [...vitest, ...process.argv.slice(2)]))
  }
  return code
})
