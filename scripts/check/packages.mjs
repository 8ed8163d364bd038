import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cache, root } from '../lib/paths.mjs'
import { inParallel, Refusal, run } from '../lib/run.mjs'
import { pnpm } from '../setup/dependencies.mjs'

/** What would be published: packed as pnpm packs it, then read by publint and by Are The Types Wrong. */
async function lint(folder, target) {
  const [command, ...args] = await pnpm()
  const { stdout } = await run(command, [...args, 'pack', '--json', '--pack-destination', target], {
    cwd: join(root, folder),
    env: { CI: 'true', npm_config_loglevel: 'error' },
  })
  const { filename, files } = JSON.parse(stdout)
  const paths = files.map(({ path }) => path)
  const objects = paths.some((path) => path.endsWith('.bpf.o')) ? ['dist/bpf-licenses/LICENSE.BSD-2-Clause'] : []
  for (const file of ['README.md', 'LICENSE', ...objects])
    if (!paths.includes(file)) throw new Refusal(`${folder}: the packed package has no ${file}`)
  await run('node_modules/.bin/publint', [filename, '--strict'])
  await run('node_modules/.bin/attw', [filename, '--profile', 'node16'])
}

export async function packages() {
  const target = join(cache, 'packed')
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)
  const published = folders.filter((folder) => !JSON.parse(readFileSync(join(root, folder, 'package.json'))).private)
  const messages = await inParallel(published, (folder) =>
    lint(folder, target).then(
      () => '',
      (error) => error.message,
    ),
  )
  const failures = messages.filter(Boolean)
  if (failures.length > 0) throw new Refusal(failures.join('\n\n'))
}
