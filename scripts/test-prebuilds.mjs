#!/usr/bin/env node
// npm run test:prebuilds: makes the addons as they go to users, looks into them, and runs them: the one for this processor with
// the kernel tests of the addon and the firewall of the examples, the one for arm64 with that processor emulated.
import { join } from 'node:path'
import { requireLinux, requireRoot } from './lib/host.mjs'
import { root } from './lib/paths.mjs'
import { Progress } from './lib/progress.mjs'
import { Refusal, runVisibly, script } from './lib/run.mjs'
import { prebuiltFile } from './prebuild/targets.mjs'
import { prebuild } from './prebuild.mjs'
import { testPackages } from './setup/system-packages.mjs'
import { setup } from './setup.mjs'

await script(async () => {
  requireLinux()
  if (process.arch !== 'x64')
    throw new Refusal(`Prebuilt addons are made and tested on x64; this machine is ${process.arch}.`)
  requireRoot('npm run test:prebuilds', 'load programs into the kernel and make network namespaces')
  await setup({ debian: testPackages })
  await new Progress().step('Prebuilt addons', (note) => prebuild({ note }))
  const vitest = (...args) => ['node_modules/vitest/vitest.mjs', 'run', ...args]
  const env = { MILLRACE_NATIVE_BINDING: join(root, prebuiltFile('linux-x64-glibc')) }
  const files = await runVisibly(process.execPath, vitest('--config', 'scripts/prebuild/vitest.config.mjs'))
  const kernel = vitest('--typecheck.enabled=false', 'packages/core/native', 'examples/firewall/src/firewall')
  return Math.max(files, await runVisibly(process.execPath, kernel, { env }))
})
