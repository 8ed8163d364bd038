import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, sharedCache } from '../lib/paths.mjs'
import { Refusal, run } from '../lib/run.mjs'
import { hashOf } from '../lib/stamp.mjs'

const folder = 'scripts/prebuild/toolchain'
const files = ['package.json', 'package-lock.json'].map((name) => `${folder}/${name}`)
const cmakeFile = 'scripts/prebuild/zig.cmake'

/**
 * The compiler, fetched once for all checkouts, exactly as locked: by npm and not with the packages of the workspace, because it is
 * 400 MB that only those need who make prebuilt addons.
 */
export async function zig(note = () => {}) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Refusal(`Prebuilt addons are made on linux-x64, and this is ${process.platform}-${process.arch}.`)
  const home = join(sharedCache, `zig-${hashOf(files).slice(0, 16)}`)
  if (!existsSync(home)) {
    note('fetching the compiler, 400 MB, once for all checkouts')
    mkdirSync(sharedCache, { recursive: true })
    const temporary = mkdtempSync(`${home}.`)
    try {
      for (const file of files) cpSync(join(root, file), join(temporary, file.slice(folder.length)))
      await run('npm', ['ci', '--prefix', temporary, '--ignore-scripts', '--no-audit', '--no-fund'], { log: 'zig' })
      renameSync(temporary, home)
    } catch (error) {
      // Another process was quicker; what it fetched is the same.
      if (!existsSync(home)) throw error
    } finally {
      rmSync(temporary, { recursive: true, force: true })
    }
  }
  const packages = join(home, 'node_modules/@zigc')
  return {
    program: join(packages, 'linux-x64/bin/zig'),
    /** The sources of the C++ runtime, and licences. */
    library: join(packages, 'lib'),
    version: JSON.parse(readFileSync(join(packages, 'lib/package.json'), 'utf8')).version,
  }
}

/** zig as CMake is to use it: a compiler as lib/native-libraries.mjs takes one. */
export function compilerFor({ triple }, { program }) {
  return {
    identity: hashOf([...files, cmakeFile], triple),
    options: [`-DCMAKE_TOOLCHAIN_FILE=${join(root, cmakeFile)}`],
    env: {
      MILLRACE_ZIG: program,
      MILLRACE_ZIG_TARGET: triple,
      ZIG_GLOBAL_CACHE_DIR: join(sharedCache, 'zig-cache'),
      ZIG_LOCAL_CACHE_DIR: join(sharedCache, 'zig-cache'),
    },
  }
}
