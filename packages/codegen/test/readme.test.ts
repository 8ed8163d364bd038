import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { run } from '../src/cli/run.js'
import { temporaryFolder } from './clang.js'

const folder = temporaryFolder()
const root = new URL('../../..', import.meta.url).pathname
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The blocks of a language, `ts ignore` being one. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text]) => text ?? '',
  )
}

it("the README's first example does what it says", () => {
  const [source = ''] = blocks('c')
  const [, commands = ''] = blocks('sh')
  const [excerpt = ''] = blocks('ts ignore')
  writeFileSync(path.join(folder, 'firewall.bpf.c'), source)

  const [compile = '', object = ''] = commands.split(/^npx bpf2ts /m)
  // As installed by libbpf-dev and as @millrace/bpf.
  const prefix = execFileSync('node', ['scripts/native-deps.mjs', '--print'], { cwd: root, encoding: 'utf8' }).trim()
  const CPATH = `${prefix}/include:${root}/bpf/include`
  const command = compile.replace(/^clang/, process.env.MILLRACE_CLANG ?? 'clang-19')
  execFileSync('sh', ['-c', command], { cwd: folder, env: { ...process.env, CPATH } })

  expect(run([path.join(folder, object.trim())], process)).toBe(0)
  const module = readFileSync(path.join(folder, 'firewall.bpf.ts'), 'utf8')
  for (const declaration of excerpt.split('\n\n')) expect(module).toContain(declaration.trimEnd())
})
