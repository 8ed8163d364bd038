// What is tried in a guest: the packed packages, installed by npm as a user would, and the features that use them.
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { cache, root } from '../lib/paths.mjs'
import { run } from '../lib/run.mjs'
import { pack } from '../pack.mjs'
import { collectObjects } from './objects.mjs'

const folder = join(cache, 'kernels')
const features = join(root, 'test/kernels/features')

/** They are for build machines. */
const atBuildTime = ['@millrace/bpf', '@millrace/codegen']

/** The areas, which are files of `test/kernels/features`. */
export const areas = () =>
  readdirSync(features)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => basename(name, '.ts'))

/** A folder with `node_modules`, and one file for each area with what it needs. */
export async function workload(note = () => {}, { arm64 = false, ...options } = {}) {
  // Before packing, which takes what is there.
  if (arm64) {
    const { prebuild } = await import('../prebuild.mjs')
    await prebuild({ targets: ['linux-arm64-glibc'], note })
  }
  note('packing')
  const tarballs = join(folder, 'tarballs')
  rmSync(tarballs, { recursive: true, force: true })
  const packages = await pack(tarballs, note, options)
  note('installing the tarballs')
  const app = join(folder, 'app')
  rmSync(app, { recursive: true, force: true })
  mkdirSync(app, { recursive: true })
  const dependencies = Object.fromEntries(
    packages.filter(({ name }) => !atBuildTime.includes(name)).map(({ name, file }) => [name, `file:${file}`]),
  )
  const manifest = { name: 'kernels', private: true, type: 'module', dependencies }
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest))
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: app })
  note('bundling the features')
  await bundle(app)
  await collectObjects(app, note)
  return app
}

/** All but the packages goes into one file for each area: an emulated machine takes long to look for files. */
export async function bundle(app) {
  const { build } = await import('tsup')
  const entries = [...areas().map((name) => join(features, `${name}.ts`)), join(root, 'test/kernels/run.ts')]
  await build({
    config: false,
    entry: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
    format: ['esm'],
    target: 'node20',
    external: [/^@millrace\//],
    splitting: false,
    silent: true,
    outDir: app,
    outExtension: () => ({ js: '.mjs' }),
    // The paths of the root's tsconfig.json lead to the sources.
    tsconfig: join(root, 'test/kernels/tsconfig.json'),
  })
  for (const from of ['test/kernels/generated', 'bpf/test/generated', ...generated()]) {
    for (const name of readdirSync(join(root, from)).filter((it) => it.endsWith('.bpf.o')))
      copyFileSync(join(root, from, name), join(app, name))
  }
}

/** Where the objects are that features borrow from tests and examples. */
const generated = () =>
  [
    ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/test/generated`),
    'examples/sockets/src/generated',
  ].filter((path) => existsSync(join(root, path)))
