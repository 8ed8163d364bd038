import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { run } from '../src/cli/run.js'
import { compileBpf, temporaryFolder } from './clang.js'

const folder = temporaryFolder()
const inFolder = (...parts: string[]) => path.join(folder, ...parts)

beforeAll(() => {
  const source = '#include "declare.h"\nstruct hits { __u64 packets; };\nstruct hits total;\n'
  for (const name of ['firewall', 'my-lb']) compileBpf(folder, name, source)
  writeFileSync(inFolder('broken.bpf.o'), 'no object')
})

function bpf2ts(...argv: string[]) {
  const printed = { stdout: '', stderr: '' }
  const code = run(argv, {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
  })
  return { code, ...printed }
}

describe('bpf2ts', () => {
  it('writes the module beside the object', () => {
    expect(bpf2ts(inFolder('firewall.bpf.o'))).toEqual({ code: 0, stdout: '', stderr: '' })
    const module = readFileSync(inFolder('firewall.bpf.ts'), 'utf8')
    expect(module).toContain('export const firewall = defineObject({')
    expect(module).toContain("new URL('./firewall.bpf.o', import.meta.url)")
  })

  it('writes where it is told, and refers to the object from there', () => {
    mkdirSync(inFolder('a', 'b'), { recursive: true })
    expect(bpf2ts(inFolder('firewall.bpf.o'), '-o', inFolder('a', 'b', 'fw.ts'), '--name', 'fw').code).toBe(0)
    const module = readFileSync(inFolder('a', 'b', 'fw.ts'), 'utf8')
    expect(module).toContain("new URL('../../firewall.bpf.o', import.meta.url)")
    expect(module).toContain('export const fw = defineObject({')
  })

  it('writes several modules into a folder', () => {
    expect(bpf2ts(inFolder('firewall.bpf.o'), inFolder('my-lb.bpf.o'), '-o', inFolder('a')).code).toBe(0)
    expect(readFileSync(inFolder('a', 'my-lb.bpf.ts'), 'utf8')).toContain('export const myLb = defineObject({')
    expect(readFileSync(inFolder('a', 'firewall.bpf.ts'), 'utf8')).toContain(
      "new URL('../firewall.bpf.o', import.meta.url)",
    )
  })

  it('prints to standard output', () => {
    const { code, stdout, stderr } = bpf2ts(inFolder('firewall.bpf.o'), '-o', '-', '--type', 'hits')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^\/\/ Written by bpf2ts from firewall\.bpf\.o;/)
  })

  it('prints help', () => {
    expect(bpf2ts('--help')).toMatchObject({ code: 0, stderr: '' })
    expect(bpf2ts('-h').stdout).toContain('Exit codes')
  })
})

describe('bpf2ts --check', () => {
  it('is content with a module that is up to date', () => {
    bpf2ts(inFolder('firewall.bpf.o'))
    expect(bpf2ts('--check', inFolder('firewall.bpf.o'))).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('shows how a module is stale, and does not write it', () => {
    const module = inFolder('stale.ts')
    bpf2ts(inFolder('firewall.bpf.o'), '-o', module)
    const stale = readFileSync(module, 'utf8').replace('packets u64 @0', 'packets u32 @0')
    writeFileSync(module, stale)
    const { code, stderr } = bpf2ts('--check', inFolder('firewall.bpf.o'), '-o', module)
    expect(code).toBe(1)
    expect(stderr).toContain(`bpf2ts: ${module} is stale; run bpf2ts ${inFolder('firewall.bpf.o')} again`)
    expect(stderr).toContain("-   layout: ['size 8', 'packets u32 @0'],\n+   layout: ['size 8', 'packets u64 @0'],")
    expect(readFileSync(module, 'utf8')).toBe(stale)
  })

  it('says when there is no module', () => {
    const { code, stderr } = bpf2ts('--check', inFolder('firewall.bpf.o'), '-o', inFolder('nowhere.ts'))
    expect(code).toBe(1)
    expect(stderr).toContain('the module does not exist')
  })
})

describe('bpf2ts --json', () => {
  it('prints what became of each object', () => {
    bpf2ts(inFolder('firewall.bpf.o'))
    const { code, stdout } = bpf2ts(
      '--json',
      inFolder('firewall.bpf.o'),
      inFolder('broken.bpf.o'),
      inFolder('none.bpf.o'),
    )
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      modules: [
        { input: inFolder('firewall.bpf.o'), output: inFolder('firewall.bpf.ts'), status: 'unchanged' },
        expect.objectContaining({ input: inFolder('broken.bpf.o'), status: 'failed', code: 'ERR_OBJECT_FORMAT' }),
        expect.objectContaining({ input: inFolder('none.bpf.o'), status: 'failed', code: 'ENOENT' }),
      ],
    })
  })
})

describe('mistakes', () => {
  it.each<[name: string, argv: string[], message: string]>([
    ['nothing', [], 'no object file was given'],
    ['an unknown option', ['x.o', '--out', 'y'], "Unknown option '--out'"],
    ['an option without its value', ['x.o', '-o'], 'argument missing'],
    ['a name for two', ['a.o', 'b.o', '--name', 'x'], '--name is for one object file'],
    ['two into one file', ['a.o', 'b.o', '-o', 'c.ts'], '2 object files need an existing folder'],
    ['a check of standard output', ['a.o', '--check', '-o', '-'], '--check compares with a file'],
    ['two things on standard output', ['a.o', '--json', '-o', '-'], '--json and -o -'],
  ])('%s', (_, argv, message) => {
    const { code, stdout, stderr } = bpf2ts(...argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).toContain('Try bpf2ts --help.')
  })

  it('a file that is no object', () => {
    const { code, stderr } = bpf2ts(inFolder('broken.bpf.o'))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^bpf2ts: .*broken\.bpf\.o: the file is not an ELF object\./)
  })
})
