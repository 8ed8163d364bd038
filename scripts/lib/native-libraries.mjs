// libbpf, libelf and zlib as static, position-independent libraries, from source packages of a stable Debian suite:
// distributions' own static libraries are not position independent. Needs no privileges, and the Debian packages
// g++ cmake make patch tar xz-utils bzip2 ca-certificates linux-libc-dev
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { fetchFromDebian } from './debian-archive.mjs'
import { root, sharedCache } from './paths.mjs'
import { run } from './run.mjs'
import { hashOf } from './stamp.mjs'

// A stable suite: its versions stay on the mirrors. Trixie has libbpf 1.5, elfutils 0.192, zlib 1.3.1.
const suite = 'trixie'
const packages = ['libbpf', 'elfutils', 'zlib']
const recipe = join(root, 'packages/core/native/deps')

const host = async () => ({ identity: (await run(process.env.CC ?? 'cc', ['--version'])).stdout, options: [], env: {} })

/** MILLRACE_ELFUTILS: an unpacked elfutils to build libelf from instead, which its licence gives everybody the right to. */
const ownElfutils = process.env.MILLRACE_ELFUTILS && resolve(process.env.MILLRACE_ELFUTILS)

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name))
    .sort()
}

function prefixFor(identity, sanitize) {
  const hash = createHash('sha256').update(`${suite} ${process.arch} ${sanitize}`)
  for (const file of readdirSync(recipe).sort()) hash.update(readFileSync(join(recipe, file)))
  hash.update(identity)
  if (ownElfutils) hash.update(hashOf(['libelf', 'lib'].flatMap((part) => filesOf(join(ownElfutils, part)))))
  return join(sharedCache, 'native', hash.digest('hex').slice(0, 16))
}

/** Unpacks one source package with its distribution's patches where `patched`; returns the folder. */
async function unpack(folder, name, patched) {
  const files = readdirSync(folder).filter((file) => file.startsWith(`${name}_`))
  const original = files.find((file) => /\.orig\.tar\.\w+$/.test(file))
  if (!original) throw new Error(`no original sources of ${name} among ${files.join(' ')}`)
  const target = join(folder, name)
  mkdirSync(target)
  await run('tar', ['-xf', join(folder, original), '-C', target, '--strip-components=1'])
  const packaging = files.find((file) => /\.debian\.tar\.\w+$/.test(file))
  if (!patched || !packaging) return target
  await run('tar', ['-xf', join(folder, packaging), '-C', target])
  const series = readFileSync(join(target, 'debian/patches/series'), 'utf8').split('\n')
  for (const patch of series.map((line) => line.trim()).filter((line) => line && !line.startsWith('#')))
    await run('patch', ['-s', '-p1', '-d', target, '-i', join(target, 'debian/patches', patch)])
  return target
}

/** Of each source package as it was fetched: Debian's version, its author's, and the checksum of the author's archive. */
function versionsIn(download) {
  return packages.map((name) => {
    const file = readdirSync(download).find((entry) => entry.startsWith(`${name}_`) && entry.endsWith('.dsc'))
    const text = readFileSync(join(download, file), 'utf8')
    const debian = /^Version: (.+)$/m.exec(text)[1]
    const [, sha256, archive] = /^ ([0-9a-f]{64}) \d+ (\S+\.orig\.tar\.\w+)$/m.exec(text)
    // zlib: `1:1.3.dfsg+really1.3.1-1` is 1.3.1.
    const version = debian
      .replace(/^\d+:/, '')
      .replace(/^.*\+really/, '')
      .replace(/-[^-]*$/, '')
    return { name, version, debian, suite, archive, sha256 }
  })
}

async function build(folder, target, { sanitize, compiler, note }) {
  const download = await fetchFromDebian(folder, { suite, packages, sources: true, note })
  // libbpf's patches are security fixes; elfutils' touch nothing of libelf, zlib has none.
  const sources = {
    LIBBPF_SOURCE: await unpack(download, 'libbpf', true),
    ELFUTILS_SOURCE: ownElfutils ?? (await unpack(download, 'elfutils', false)),
    ZLIB_SOURCE: await unpack(download, 'zlib', false),
  }
  note('building libbpf, libelf, zlib')
  const staging = join(folder, 'prefix')
  const { env } = compiler
  await run(
    'cmake',
    [
      ...['-S', recipe, '-B', join(folder, 'build'), '-DCMAKE_BUILD_TYPE=Release'],
      ...[`-DCMAKE_INSTALL_PREFIX=${staging}`, ...compiler.options],
      ...(sanitize ? ['-DCMAKE_C_FLAGS=-fsanitize=address -fno-omit-frame-pointer -g'] : []),
      ...Object.entries(sources).map(([name, path]) => `-D${name}=${path}`),
    ],
    { env },
  )
  await run('cmake', ['--build', join(folder, 'build'), '--parallel', '2', '--target', 'install'], { env })
  writeFileSync(join(staging, 'versions.json'), `${JSON.stringify(versionsIn(download), null, 2)}\n`)
  try {
    renameSync(staging, target)
  } catch (error) {
    // Another process was quicker; what it built is the same.
    if (!existsSync(target)) throw error
  }
}

/**
 * A folder with include/, lib/, licenses/ and versions.json, made when it is missing. `compiler` is this machine's unless
 * given: `identity` changes whenever it builds something else, `options` and `env` are for CMake.
 */
export async function nativeLibraries({ sanitize = false, compiler, note = () => {} } = {}) {
  const chosen = compiler ?? (await host())
  const target = prefixFor(chosen.identity, sanitize)
  if (existsSync(target)) return target
  mkdirSync(join(sharedCache, 'native'), { recursive: true })
  // Beside the target, so that the final rename stays on one file system.
  const folder = mkdtempSync(`${target}.`)
  try {
    await build(folder, target, { sanitize, compiler: chosen, note })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return target
}
