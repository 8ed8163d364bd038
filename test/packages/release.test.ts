import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { environment, Project } from './support/project.js'
import { ipaddrTarball, serveRegistry } from './support/registry.js'

const run = promisify(execFile)
const repository = fileURLToPath(new URL('../../', import.meta.url))
const managers = JSON.parse(process.env.MILLRACE_MANAGERS ?? '{}') as Record<string, { modules: string; cli: string }>
const sentence = 'A change that every package has.'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

let copy: string
let folders: readonly string[]
let next: string
const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(copy, folder, 'package.json'), 'utf8'))

/** A copy of what is published, and of what versions are made of, in which the next release is made. */
beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'millrace-release-'))
  const names = ['packages', 'examples'].flatMap((folder) =>
    readdirSync(join(repository, folder)).map((name) => `${folder}/${name}`),
  )
  const workspaces = [...names, 'bpf', 'bench'].filter((name) => existsSync(join(repository, name, 'package.json')))
  for (const name of ['package.json', 'pnpm-workspace.yaml', '.changeset']) take(name)
  for (const folder of workspaces)
    for (const name of readdirSync(join(repository, folder))) if (isPublished(name)) take(`${folder}/${name}`)
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'))
  folders = workspaces.filter((folder) => !manifestOf(folder).private)
  const byName = new Map(workspaces.map((folder) => [manifestOf(folder).name, folder]))
  for (const folder of workspaces) {
    const { dependencies, devDependencies } = manifestOf(folder)
    for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
      const target = byName.get(name)
      if (target !== undefined) link(join(copy, target), join(copy, folder, 'node_modules', name))
    }
  }
  const everything = folders.map((folder) => `'${manifestOf(folder).name}': minor\n`)
  writeFileSync(join(copy, '.changeset/change.md'), `---\n${everything.join('')}---\n\n${sentence}\n`)
  const [, minor] = manifestOf('packages/core').version.split('.')
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: copy, env: environment })
  await git('init', '-q', '-b', 'main')
  await git('add', '.changeset')
  await git('commit', '-qm', 'changesets')
  next = manifestOf('packages/core')
    .version.replace(`.${minor}.`, `.${Number(minor) + 1}.`)
    .replace(/\d+$/, '0')
  await run(process.execPath, ['node_modules/@changesets/cli/bin.js', 'version'], { cwd: copy, env: environment })
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** The sources are not needed: they are bundled already. */
function isPublished(name: string): boolean {
  return !['src', 'test', 'node_modules', 'build', 'native', 'generated'].includes(name)
}

function take(name: string): void {
  cpSync(join(repository, name), join(copy, name), { recursive: true })
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}

it('changesets give every package the one version and a changelog that says what is new', () => {
  expect(folders.map((folder) => manifestOf(folder).name).sort()).toEqual([...inject('packages')].sort())
  for (const folder of folders) {
    expect(manifestOf(folder).version, folder).toBe(next)
    const changelog = readFileSync(join(copy, folder, 'CHANGELOG.md'), 'utf8')
    expect(changelog.startsWith(`# ${manifestOf(folder).name}\n\n## ${next}\n\n### Minor Changes\n`), changelog).toBe(
      true,
    )
    expect(changelog, folder).toContain(sentence)
  }
  expect(readdirSync(join(copy, '.changeset')).sort()).toEqual(['README.md', 'config.json'])
})

it('the tarballs of that version ask for each other by it, and install', async () => {
  const { modules, cli } = managers.pnpm ?? { modules: '', cli: '' }
  const tarballs = []
  for (const folder of folders) {
    const { stdout } = await run(process.execPath, [join(modules, cli), 'pack', '--json', '--pack-destination', copy], {
      cwd: join(copy, folder),
      env: { ...environment, CI: 'true', npm_config_loglevel: 'error' },
    })
    tarballs.push((JSON.parse(stdout) as { filename: string }).filename)
  }
  const registry = await serveRegistry([...tarballs, ipaddrTarball(copy)])
  try {
    const wanted = Object.fromEntries(inject('packages').map((name) => [name, `^${next}`]))
    using project = await Project.create(wanted, registry.url)
    for (const name of inject('packages')) {
      const manifest = JSON.parse(readFileSync(project.path(`node_modules/${name}/package.json`), 'utf8')) as Manifest
      expect(manifest.version).toBe(next)
      for (const [other, range] of Object.entries(manifest.dependencies ?? {}))
        if (other.startsWith('@millrace/')) expect(range, `${name} of ${other}`).toBe(next)
    }
    const { length } = readdirSync(project.path('node_modules/@millrace'))
    expect(length).toBe(inject('packages').length)
  } finally {
    registry.close()
  }
})
