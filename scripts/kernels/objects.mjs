// The objects that are loaded on each kernel: those in the installed packages, and those of examples; by clang 19, and by
// Debian 12's clang 14 where that is installed.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { bpfSources } from '../lib/bpf-sources.mjs'
import { bpfFlags, nativePrefix } from '../lib/clang.mjs'
import { root } from '../lib/paths.mjs'
import { inParallel, run } from '../lib/run.mjs'

const older = '/usr/bin/clang-14'

/** `{ name, source, object }` of what ships and of examples: `chain-end_xdp`, `firewall-firewall`. */
const shipped = () =>
  bpfSources()
    .filter(({ object }) => /^(packages|examples)\/[^/]+\/src\/generated\//.test(object))
    .map(({ source, object }) => ({ name: `${object.split('/')[1]}-${basename(object)}`, source, object }))

/** Fills `app`/objects. */
export async function collectObjects(app, note) {
  const sources = shipped()
  const ours = join(app, 'objects/clang-19')
  mkdirSync(ours, { recursive: true })
  for (const { name, object } of sources) copyFileSync(installed(app, object) ?? join(root, object), join(ours, name))
  if (!existsSync(older)) return
  note('compiling with clang 14')
  const theirs = join(app, 'objects/clang-14')
  mkdirSync(theirs, { recursive: true })
  const flags = bpfFlags(await nativePrefix())
  await inParallel(sources, ({ name, source }) => run(older, [...flags, '-c', source, '-o', join(theirs, name)]))
}

/** The same object in the package as it was installed. */
function installed(app, object) {
  const folder = join(app, 'node_modules/@millrace', object.split('/')[1], 'dist')
  if (!object.startsWith('packages/')) return undefined
  const name = readdirSync(folder).find((it) => it === basename(object))
  if (name === undefined) throw new Error(`${object} is not in the package`)
  return join(folder, name)
}
