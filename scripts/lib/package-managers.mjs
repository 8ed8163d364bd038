import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sharedCache } from './paths.mjs'
import { run } from './run.mjs'

/** Besides npm, which Node.js brings. Each with the file that Node.js runs. */
const managers = {
  pnpm: { specifier: 'pnpm@10.34.9', cli: 'pnpm/bin/pnpm.cjs' },
  'yarn 1': { specifier: 'yarn@1.22.22', cli: 'yarn/bin/yarn.js' },
  'yarn 4': { specifier: '@yarnpkg/cli-dist@4.10.3', cli: '@yarnpkg/cli-dist/bin/yarn.js' },
}

/** Fetches what is missing, once for all checkouts, and returns the folder with each one's `node_modules`, by name. */
export async function packageManagers(note = () => {}) {
  const found = {}
  for (const [name, { specifier, cli }] of Object.entries(managers)) {
    const home = join(sharedCache, `manager-${specifier.replaceAll(/[^\w.]+/g, '-')}`)
    if (!existsSync(home)) {
      note(`fetching ${specifier}`)
      mkdirSync(sharedCache, { recursive: true })
      const temporary = mkdtempSync(`${home}.`)
      try {
        const options = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts']
        await run('npm', ['install', '--prefix', temporary, ...options, specifier])
        renameSync(temporary, home)
      } catch (error) {
        // Another run may have put the same there meanwhile.
        if (!existsSync(home)) throw error
      } finally {
        rmSync(temporary, { recursive: true, force: true })
      }
    }
    found[name] = { modules: join(home, 'node_modules'), cli }
  }
  return found
}
