import { execFile } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { environment, Project } from './support/project.js'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const page = readFileSync(new URL('../../docs/bundling.md', import.meta.url), 'utf8')
const generated = new URL('../../examples/firewall/src/generated/', import.meta.url)
const object = fileURLToPath(new URL('firewall.bpf.o', generated))

/** A configuration as the page has it. */
function configuration(name: string): string {
  const found = [...page.matchAll(/```js\n(\/\/ (\S+)\n.*?)```/gs)].find(([, , file]) => file === name)
  if (found?.[1] === undefined) throw new Error(`docs/bundling.md has no ${name}`)
  return found[1]
}

let project: Project
beforeAll(async () => {
  project = await Project.create({ '@millrace/core': '*', '@millrace/maps': '*', '@millrace/xdp': '*' })
  project.write('package.json', '{ "type": "module" }')
  // The bundlers are those that we have anyway.
  const vitest = createRequire(require.resolve('vitest/package.json'))
  const tsup = createRequire(require.resolve('tsup/package.json'))
  for (const [name, path] of [
    ['vite', vitest.resolve('vite/package.json')],
    ['esbuild', tsup.resolve('esbuild/package.json')],
  ] as const) {
    symlinkSync(dirname(path), project.path(`node_modules/${name}`))
  }
  mkdirSync(project.path('src'))
  copyFileSync(object, project.path('src/firewall.bpf.o'))
  const module = readFileSync(new URL('firewall.bpf.ts', generated), 'utf8')
  project.write(
    'src/firewall.bpf.js',
    ts.transpile(module, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }),
  )
  project.write(
    'src/main.js',
    `import { load } from '@millrace/core'
    import { HashMap, u32 } from '@millrace/maps'
    import { queryXdp } from '@millrace/xdp'
    import { firewall } from './firewall.bpf.js'

    async function main() {
      const flows = HashMap.create({ name: 'flows', key: u32, value: u32, maxEntries: 4 })
      flows.set(1, 2)
      const object = await load(firewall)
      const { program } = queryXdp('lo') ?? {}
      console.log(JSON.stringify([flows.get(1), object.programs.firewall.type, typeof program]))
      flows.close()
      object.close()
    }
    main().catch((error) => console.log(JSON.stringify({ code: error.code, message: error.message })))`,
  )
})
afterAll(() => project[Symbol.dispose]())
beforeEach(() => rmSync(project.path('dist'), { recursive: true, force: true }))

/** What the bundle prints where it was deployed: in a folder of its own, with what is beside it in `dist` and no more. */
async function deployed(file: string, { modules = false, env = {} } = {}): Promise<unknown> {
  using elsewhere = new Project()
  cpSync(project.path('dist'), elsewhere.path('app'), { recursive: true })
  elsewhere.write('package.json', '{ "type": "module" }')
  if (modules)
    cpSync(project.path('node_modules/@millrace'), elsewhere.path('node_modules/@millrace'), { recursive: true })
  const options = { cwd: elsewhere.folder, env: { ...environment, ...env } }
  const { stdout } = await run(process.execPath, [elsewhere.path(`app/${file}`)], options)
  return JSON.parse(stdout.replaceAll(elsewhere.path('app'), '<dist>'))
}

async function build(name: string): Promise<void> {
  const file = project.write(name, configuration(name))
  const vite = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error']
  await run(process.execPath, name.startsWith('vite') ? vite : [file], { cwd: project.folder, env: environment })
}

const works = [2, 'xdp', 'undefined']

it.each([
  ['esbuild', 'build.mjs'],
  ['Vite', 'vite.config.js'],
])('%s leaves our packages outside', async (_, name) => {
  await build(name)
  expect(await deployed('main.js', { modules: true })).toEqual(works)
})

it.each([
  ['an ES module', 'build-all.mjs', 'main.js'],
  ['CommonJS', 'build-cjs.mjs', 'main.cjs'],
])('esbuild puts our packages into %s', async (_, name, file) => {
  await build(name)
  expect(await deployed(file)).toEqual(works)
})

it('Vite may bundle our packages, too', async () => {
  const { build } = (await import(project.path('node_modules/vite/dist/node/index.js'))) as {
    build(options: object): Promise<unknown>
  }
  await build({
    root: project.folder,
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'src/main.js', outDir: 'dist' },
    ssr: { noExternal: true },
  })
  cpSync(project.path('node_modules/@millrace/core/prebuilds'), project.path('dist/prebuilds'), { recursive: true })
  copyFileSync(object, project.path('dist/firewall.bpf.o'))
  expect(await deployed('main.js')).toEqual(works)
})

it('a bundle that lacks a file says which, and works once that was done', async () => {
  await build('build-all.mjs')
  rmSync(project.path('dist/prebuilds'), { recursive: true })
  rmSync(project.path('dist/firewall.bpf.o'))
  const first = (await deployed('main.js')) as { code: string; message: string }
  expect(first.code).toBe('ERR_NATIVE_BINDING')
  expect(first.message).toContain('copy node_modules/@millrace/core/prebuilds to <dist>/prebuilds')
  const env = { MILLRACE_NATIVE_BINDING: addon() }
  cpSync(project.path('node_modules/@millrace/core/prebuilds'), project.path('dist/prebuilds'), { recursive: true })
  for (const second of [await deployed('main.js'), await deployed('main.js', { env })] as (typeof first)[]) {
    expect(second.code).toBe('ERR_OBJECT_FILE')
    expect(second.message).toMatch(/<dist>\/firewall\.bpf\.o.*if a bundler moved the module, copy it there/s)
  }
  copyFileSync(object, project.path('dist/firewall.bpf.o'))
  expect(await deployed('main.js')).toEqual(works)
})

function addon(): string {
  return project.path(`node_modules/@millrace/core/prebuilds/linux-${process.arch}-glibc/millrace.node`)
}
