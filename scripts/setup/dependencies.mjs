import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, sharedCache } from '../lib/paths.mjs'
import { environment, run } from '../lib/run.mjs'
import { filesBelow, hashOf, unlessCurrent } from '../lib/stamp.mjs'

const wantedVersion = () =>
  JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.replace('pnpm@', '')

function versionOnPath() {
  try {
    return execFileSync('pnpm', ['--version'], { cwd: '/', env: environment(), encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return undefined
  }
}

/** The command that runs pnpm in the version that package.json names: the one on the PATH, or our own, fetched once. */
export async function pnpm(note = () => {}) {
  const version = wantedVersion()
  const home = join(sharedCache, `pnpm-${version}`)
  const cli = join(home, 'node_modules/pnpm/bin/pnpm.cjs')
  if (!existsSync(cli)) {
    if (versionOnPath() === version) return ['pnpm']
    note(`fetching pnpm ${version}`)
    mkdirSync(sharedCache, { recursive: true })
    const temporary = mkdtempSync(`${home}.`)
    try {
      await run(
        'npm',
        ['install', '--prefix', temporary, '--no-audit', '--no-fund', '--loglevel=error', `pnpm@${version}`],
        {
          log: 'pnpm',
        },
      )
      renameSync(temporary, home)
    } catch (error) {
      // Another set-up may have put the same there meanwhile.
      if (!existsSync(cli)) throw error
    } finally {
      rmSync(temporary, { recursive: true, force: true })
    }
  }
  return [process.execPath, cli]
}

/** The npm packages of the workspace, exactly as locked. */
export async function dependencies(note) {
  const manifests = ['package.json', 'packages', 'examples', 'bpf', 'bench'].flatMap((path) =>
    filesBelow(path, (file) => file.endsWith('package.json')),
  )
  const key = hashOf([...manifests, 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'])
  return unlessCurrent('dependencies', key, ['node_modules/.modules.yaml'], async () => {
    const [command, ...args] = await pnpm(note)
    note('installing npm packages')
    // CI: pnpm asks no questions.
    await run(command, [...args, 'install', '--frozen-lockfile', '--loglevel=info'], {
      env: { CI: 'true' },
      log: 'pnpm',
    })
  })
}
