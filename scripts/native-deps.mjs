#!/usr/bin/env node
// Builds libbpf, libelf and zlib for this machine, once, into a cache: see lib/native-libraries.mjs.
//
//   node scripts/native-deps.mjs            build what is missing, showing progress
//   node scripts/native-deps.mjs --print    the same, quietly; prints the prefix: <prefix>/{include,lib,licenses}
//   node scripts/native-deps.mjs --asan     instrumented with AddressSanitizer, for the addon's own ASan build
import { nativeLibraries } from './lib/native-libraries.mjs'
import { script } from './lib/run.mjs'

const printOnly = process.argv.includes('--print')
const say = (line) => (printOnly ? undefined : console.log(`native-deps: ${line}`))

await script(async () => {
  const prefix = await nativeLibraries({ sanitize: process.argv.includes('--asan'), note: say })
  if (printOnly) console.log(prefix)
  else say(`ready in ${prefix}`)
})
