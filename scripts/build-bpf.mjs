#!/usr/bin/env node
// Compiles the C that runs in the kernel, and writes the TypeScript module of each object by bpf2ts.
//
//   node scripts/build-bpf.mjs [TEXT...]            what changed, of the sources whose path contains a TEXT
//   node scripts/build-bpf.mjs --check [TEXT...]    the same, but fails where a module would change
//
//   bpf/<package>/*.bpf.c          -> packages/<package>/src/generated/
//   bpf/test/*.bpf.c               -> bpf/test/generated/
//   packages/*/test/bpf/*.bpf.c    -> packages/*/test/generated/
//   examples/*/bpf/*.bpf.c         -> examples/*/src/generated/
//   bench/bpf/*.bpf.c              -> bench/generated/
//
// A source with the line `// bpf2ts: no` (first or second) gets an object and no module. MILLRACE_CLANG names another clang.
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bpfSources } from './lib/bpf-sources.mjs'
import { buildPackage, packageInputs } from './lib/build-package.mjs'
import { bpfFlags, findClang, nativePrefix } from './lib/clang.mjs'
import { root } from './lib/paths.mjs'
import { inParallel, Refusal, run, script } from './lib/run.mjs'
import { hashOf, readStamp, removeStamp, writeStamp } from './lib/stamp.mjs'

/** Compiles beside the target and renames, so that a reader never meets half an object. Returns the files it was made of. */
async function compileWith(clang, flags, { source, object }) {
  const temporary = join(root, `${object}.${process.pid}`)
  const rule = `${temporary}.d`
  mkdirSync(dirname(temporary), { recursive: true })
  try {
    await run(clang.path, [...flags, '-MMD', '-MF', rule, '-c', source, '-o', temporary])
    renameSync(temporary, join(root, object))
    const [, files = ''] = readFileSync(rule, 'utf8').split(': ', 2)
    return files.replaceAll('\\\n', ' ').trim().split(/\s+/)
  } finally {
    rmSync(temporary, { force: true })
    rmSync(rule, { force: true })
  }
}

const bpf2ts = ({ object, module }, ...options) =>
  run(process.execPath, ['packages/codegen/dist/cli.js', object, '-o', module, ...options])

/** What went wrong with `targets`, two at a time: one that fails does not keep the others from being done. */
async function failuresOf(targets, task) {
  const messages = await inParallel(targets, (target) =>
    task(target).then(
      () => undefined,
      (error) => error.message,
    ),
  )
  return messages.filter((message) => message !== undefined)
}

function refuse(failures) {
  if (failures.length > 0) throw new Refusal(failures.join('\n\n'))
}

const matching = (texts) =>
  bpfSources().filter(({ source }) => texts.length === 0 || texts.some((text) => source.includes(text)))

/** The compiler, and a way to tell which sources have to be built. */
async function toolchain(prefix) {
  const clang = findClang()
  const flags = bpfFlags(prefix ?? (await nativePrefix()))
  const generator = hashOf(packageInputs('packages/codegen'))
  /** Of a source, by the files it was made of: changes when one of them does, or what was made, or a tool. */
  const state = ({ object, module }, files) =>
    hashOf([...files, object, ...(module ? [module] : [])], clang.identity, flags, generator)
  return {
    compile: (target) => compileWith(clang, flags, target),
    isStale(target) {
      const stamp = JSON.parse(readStamp(target.source) ?? '{"files":[]}')
      return stamp.state !== state(target, stamp.files)
    },
    stamp: (target, files) => writeStamp(target.source, JSON.stringify({ files, state: state(target, files) })),
  }
}

/** Builds what is stale; returns how many sources that was. */
export async function buildBpf({ prefix, only = [], note = () => {} } = {}) {
  const { compile, isStale, stamp } = await toolchain(prefix)
  const stale = matching(only).filter(isStale)
  const compiled = new Map()
  const failures = await failuresOf(stale, async (target) => {
    note(target.source)
    removeStamp(target.source)
    compiled.set(target, await compile(target))
  })
  if (stale.some(({ module }) => module)) await buildPackage('packages/codegen')
  failures.push(
    ...(await failuresOf([...compiled], async ([target, files]) => {
      if (target.module) await bpf2ts(target)
      stamp(target, files)
    })),
  )
  refuse(failures)
  return stale.length
}

/** Fails when a module is not what bpf2ts would write now; writes none of them. */
export async function checkBpf({ only = [] } = {}) {
  const { compile, isStale } = await toolchain()
  const stale = matching(only).filter(isStale)
  refuse(await failuresOf(stale, compile))
  const modules = stale.filter(({ module }) => module)
  if (modules.length > 0) await buildPackage('packages/codegen')
  refuse(await failuresOf(modules, (target) => bpf2ts(target, '--check')))
}

async function main() {
  const options = process.argv.slice(2)
  const only = options.filter((option) => !option.startsWith('-'))
  if (options.includes('--check')) {
    await checkBpf({ only })
    console.log('every module is up to date')
  } else {
    const count = await buildBpf({ only, note: console.log })
    console.log(count ? `${count} built` : 'nothing to build')
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await script(main)
