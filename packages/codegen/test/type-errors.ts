import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

const root = new URL('../../..', import.meta.url).pathname

/** What the compiler has against a file under the repository's own settings and those against unused code. */
export function typeErrors(folder: string, file: string): string[] {
  const project = path.join(folder, 'tsconfig.json')
  const compilerOptions = { noUnusedLocals: true, noUnusedParameters: true, typeRoots: [`${root}/node_modules/@types`] }
  const config = { extends: `${root}/tsconfig.json`, files: [file], include: [], compilerOptions }
  writeFileSync(project, JSON.stringify(config))
  const { stdout } = spawnSync(`${root}/node_modules/.bin/tsc`, ['-p', project, '--pretty', 'false'], {
    encoding: 'utf8',
  })
  // Packages that the file imports may be in the middle of a change.
  return stdout.split('\n').filter((line) => line.includes(path.basename(file)))
}
