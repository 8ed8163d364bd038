#!/usr/bin/env node
// npm run format: formats TypeScript, JavaScript and JSON by biome, C and C++ by clang-format, as `npm run check` wants them.
import { cSources } from './check/c-style.mjs'
import { run, script } from './lib/run.mjs'
import { checkPackages } from './setup/system-packages.mjs'
import { setup } from './setup.mjs'

await script(async () => {
  await setup({ only: ['system', 'dependencies'], debian: checkPackages })
  await run('clang-format-19', ['-i', ...cSources()])
  // What biome cannot mend by itself is for `npm run check` to say.
  await run('node_modules/.bin/biome', ['check', '--write', '.'], { okCodes: [0, 1] })
})
