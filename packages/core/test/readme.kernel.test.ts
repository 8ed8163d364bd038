import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'tsup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundleEnvironment, useBundle } from './support/bundle.js'

const bundle = useBundle()
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-readme-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it("the README's first example runs as written", async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const first = (language: string) =>
    new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(readme)?.[1] ?? ''
  const compile = /^clang .*$/m.exec(readme)?.[0] ?? ''
  writeFileSync(join(folder, 'counter.bpf.c'), first('c'))
  writeFileSync(join(folder, 'main.ts'), first('ts'))
  const module = join(folder, 'node_modules/@millrace/core')
  mkdirSync(module, { recursive: true })
  writeFileSync(join(module, 'package.json'), JSON.stringify({ exports: './index.mjs' }))
  symlinkSync(bundle.esm, join(module, 'index.mjs'))

  // The headers of libbpf-dev are those of this checkout.
  const prefix = execFileSync('node', ['scripts/native-deps.mjs', '--print'], { encoding: 'utf8' }).trim()
  const command = compile.replace(/^clang/, process.env.MILLRACE_CLANG ?? 'clang-19')
  execFileSync('sh', ['-c', command], { cwd: folder, env: { ...process.env, CPATH: join(prefix, 'include') } })
  await build({
    config: false,
    entry: [join(folder, 'main.ts')],
    format: 'esm',
    target: 'node20',
    silent: true,
    outDir: folder,
  })

  const output = execFileSync(process.execPath, ['main.js'], { cwd: folder, encoding: 'utf8', env: bundleEnvironment })
  expect(output).toBe('1\n1000n\n')
})
