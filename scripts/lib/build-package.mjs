import { join } from 'node:path'
import { root } from './paths.mjs'
import { run } from './run.mjs'
import { filesBelow, hashOf, unlessCurrent } from './stamp.mjs'

const isTest = (file) => /\.test(-d)?\.ts$/.test(file)

/** Files that a package's `dist` is made of. */
export function packageInputs(folder) {
  return [
    ...filesBelow(`${folder}/src`, (file) => !isTest(file)),
    ...[`${folder}/package.json`, `${folder}/tsup.config.ts`, 'tsup.base.ts', 'tsconfig.json', 'pnpm-lock.yaml'],
  ]
}

/** Every folder with a tsup.config.ts below packages/ and examples/. */
export function buildablePackages() {
  return ['packages', 'examples'].flatMap((folder) =>
    filesBelow(folder, (file) => file.endsWith('/tsup.config.ts')).map((file) => file.replace('/tsup.config.ts', '')),
  )
}

/** Bundles a package into its `dist`, unless that is current. True when it had to. */
export function buildPackage(folder, note = () => {}) {
  const name = folder.split('/').at(-1)
  return unlessCurrent(`dist/${folder}`, hashOf(packageInputs(folder)), [`${folder}/dist`], () => {
    note(`bundling ${folder}`)
    return run(process.execPath, [join(root, 'node_modules/tsup/dist/cli-default.js')], {
      cwd: join(root, folder),
      log: `build-${name}`,
    })
  })
}
