#!/usr/bin/env node
// npm run example -- NAME [options]: sets everything up, then runs an example of examples/. Options go to the example.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runExample } from './lib/example.mjs'
import { root } from './lib/paths.mjs'
import { script } from './lib/run.mjs'

await script(async () => {
  const [name, ...args] = process.argv.slice(2)
  const names = readdirSync(join(root, 'examples')).filter((it) =>
    existsSync(join(root, 'examples', it, 'src/main.ts')),
  )
  const list = `npm run example -- NAME [options], where NAME is one of:\n\n${names.map((it) => `  ${it}\n`).join('')}`
  if (name === undefined || name === '--help') {
    console.log(`Runs an example.\n\nUsage: ${list}\nEach has --help of its own.`)
    return 0
  }
  if (!names.includes(name)) throw new Error(`there is no example '${name}'; use ${list}`)
  // The example reads its options where a program finds them.
  process.argv.splice(2, process.argv.length, ...args)
  return await runExample(name, `npm run example -- ${name}`)
})
