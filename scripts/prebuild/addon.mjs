import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nativeLibraries } from '../lib/native-libraries.mjs'
import { cache, root, sharedCache } from '../lib/paths.mjs'
import { Refusal, run } from '../lib/run.mjs'
import { filesBelow, hashOf } from '../lib/stamp.mjs'
import { prebuiltFile, targets } from './targets.mjs'
import { compilerFor, zig } from './zig.mjs'

const core = join(root, 'packages/core')

/** libbpf, libelf and zlib for a platform: see lib/native-libraries.mjs. */
export const librariesFor = async (platform, note) =>
  nativeLibraries({ compiler: compilerFor(targets[platform], await zig(note)), note })

/** Whole or not at all: a reader never meets half a file. */
function put(source, target) {
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(source, `${target}.${process.pid}`)
  renameSync(`${target}.${process.pid}`, target)
}

/**
 * The addon for one platform, by the CMake files that the addon for this machine is built by. What is built is kept under a hash of all
 * that it is made of. True when it had to be built.
 */
export async function buildAddon(platform, note) {
  const compiler = compilerFor(targets[platform], await zig(note))
  const prefix = await librariesFor(platform, note)
  const key = () => {
    const sources = filesBelow('packages/core/native', (file) => /\.(cc|h|map)$/.test(file))
    return hashOf([...sources, 'packages/core/CMakeLists.txt', 'pnpm-lock.yaml'], prefix).slice(0, 16)
  }
  const before = key()
  const kept = join(sharedCache, 'prebuilds', `${platform}-${before}.node`)
  const isNew = !existsSync(kept)
  if (isNew) {
    const built = await compile(platform, compiler, prefix, note)
    if (key() !== before) throw new Refusal('The sources of the addon were changed while it was built: run this again.')
    put(built, kept)
  }
  put(kept, join(root, prebuiltFile(platform)))
  return isNew
}

async function compile(platform, compiler, prefix, note) {
  note('compiling the native addon')
  const out = join(cache, 'prebuild', platform)
  const options = [`-DMILLRACE_NATIVE_DEPS=${prefix}`, ...compiler.options].map((option) =>
    option.replace(/^-D/, '--CD'),
  )
  for (const command of [['configure'], ['build', '--parallel', '2']])
    await run(join(core, 'node_modules/.bin/cmake-js'), [...command, '--out', out, ...options], {
      cwd: core,
      env: compiler.env,
      log: `prebuild-${platform}-${command[0]}`,
    })
  return join(out, 'Release/millrace.node')
}
