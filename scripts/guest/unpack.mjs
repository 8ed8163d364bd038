import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../lib/run.mjs'

/** Puts the files of all Debian packages in `download` whose path `wanted` accepts into `folder`. */
export async function unpack(download, folder, wanted) {
  const whole = join(download, 'whole')
  for (const archive of readdirSync(download).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', join(download, archive), whole])
    for (const entry of readdirSync(whole, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath ?? entry.path, entry.name)
      const place = path.slice(whole.length + 1)
      if (!entry.isDirectory() && wanted(place)) cpSync(path, join(folder, place), { verbatimSymlinks: true })
    }
    rmSync(whole, { recursive: true })
  }
}
