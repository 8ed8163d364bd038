#!/usr/bin/env node
// Fetches libbpf, elfutils and zlib as source packages of a stable Debian suite and builds them, once, into a cache.
//
//   node scripts/native-deps.mjs            build what is missing, showing progress
//   node scripts/native-deps.mjs --print    the same, quietly; prints the prefix: <prefix>/{include,lib,licenses}
//   node scripts/native-deps.mjs --asan     instrumented with AddressSanitizer, for the addon's own ASan build
//
// Distributions' static libraries are not position independent, hence the build. Needs no privileges, and the
// Debian packages: g++ cmake make patch tar xz-utils bzip2 ca-certificates linux-libc-dev
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchFromDebian } from './lib/debian-archive.mjs'
import { run, script } from './lib/run.mjs'

// A stable suite: its versions stay on the mirrors. Trixie has libbpf 1.5, elfutils 0.192, zlib 1.3.1.
const suite = 'trixie'
const packages = ['libbpf', 'elfutils', 'zlib']

const recipe = fileURLToPath(new URL('../packages/core/native/deps', import.meta.url))
const sanitize = process.argv.includes('--asan')
const printOnly = process.argv.includes('--print')
const say = (line) => (printOnly ? undefined : console.log(`native-deps: ${line}`))

async function prefix() {
  const hash = createHash('sha256').update(`${suite} ${process.arch} ${sanitize}`)
  for (const file of readdirSync(recipe).sort()) hash.update(readFileSync(join(recipe, file)))
  hash.update((await run(process.env.CC ?? 'cc', ['--version'])).stdout)
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'millrace', 'native', hash.digest('hex').slice(0, 16))
}

/** Unpacks one source package with its distribution's patches where `patched`; returns the folder. */
async function unpack(folder, name, patched) {
  const files = readdirSync(folder).filter((file) => file.startsWith(`${name}_`))
  const original = files.find((file) => /\.orig\.tar\.\w+$/.test(file))
  if (!original) throw new Error(`no original sources of ${name} among ${files.join(' ')}`)
  const target = join(folder, name)
  mkdirSync(target)
  await run('tar', ['-xf', join(folder, original), '-C', target, '--strip-components=1'])
  say(`unpacked ${original.replace(/\.orig.*/, '').replace('_', ' ')}`)
  const packaging = files.find((file) => /\.debian\.tar\.\w+$/.test(file))
  if (!patched || !packaging) return target
  await run('tar', ['-xf', join(folder, packaging), '-C', target])
  const series = readFileSync(join(target, 'debian/patches/series'), 'utf8').split('\n')
  for (const patch of series.map((line) => line.trim()).filter((line) => line && !line.startsWith('#')))
    await run('patch', ['-s', '-p1', '-d', target, '-i', join(target, 'debian/patches', patch)])
  return target
}

async function build(folder, target) {
  const download = await fetchFromDebian(folder, { suite, packages, sources: true, note: say })
  // libbpf's patches are security fixes; elfutils' touch nothing of libelf, zlib has none.
  const sources = {
    LIBBPF_SOURCE: await unpack(download, 'libbpf', true),
    ELFUTILS_SOURCE: await unpack(download, 'elfutils', false),
    ZLIB_SOURCE: await unpack(download, 'zlib', false),
  }
  say('building static libraries')
  const staging = join(folder, 'prefix')
  await run('cmake', [
    ...['-S', recipe, '-B', join(folder, 'build'), '-DCMAKE_BUILD_TYPE=Release', `-DCMAKE_INSTALL_PREFIX=${staging}`],
    ...(sanitize ? ['-DCMAKE_C_FLAGS=-fsanitize=address -fno-omit-frame-pointer -g'] : []),
    ...Object.entries(sources).map(([name, path]) => `-D${name}=${path}`),
  ])
  await run('cmake', ['--build', join(folder, 'build'), '--parallel', '2', '--target', 'install'])
  try {
    renameSync(staging, target)
  } catch (error) {
    // Another process was quicker; what it built is the same.
    if (!existsSync(target)) throw error
  }
}

async function main() {
  const target = await prefix()
  if (!existsSync(target)) {
    mkdirSync(dirname(target), { recursive: true })
    // Beside the target, so that the final rename stays on one file system.
    const folder = mkdtempSync(`${target}.`)
    try {
      await build(folder, target)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  if (printOnly) console.log(target)
  else say(`ready in ${target}`)
}

await script(main)
