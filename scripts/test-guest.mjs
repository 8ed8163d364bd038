#!/usr/bin/env node
// npm run test:guest: the tests that need a kernel which replaces functions of programs (freplace), in virtual machines with a kernel
// of Debian, which is fetched once. By emulation: it takes some minutes, and no support of the processor. Arguments go to vitest.
import { requireLinux, requireRoot } from './lib/host.mjs'
import { Refusal, runVisibly, script } from './lib/run.mjs'
import { guestPackages, testPackages } from './setup/system-packages.mjs'
import { setup } from './setup.mjs'

const config = 'packages/dispatcher/test/guest/vitest.config.ts'

await script(async () => {
  requireLinux()
  if (process.arch !== 'x64')
    throw new Refusal(`The guests run the programs of this machine, and are x86-64; this machine is ${process.arch}.`)
  requireRoot('npm run test:guest', 'show the files of this machine to a guest whose tests are root')
  const only = ['system', 'dependencies', 'native', 'addon', 'bpf']
  await setup({ only, debian: { ...testPackages, ...guestPackages } })
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', config]
  return runVisibly(process.execPath, [...vitest, ...process.argv.slice(2)])
})
