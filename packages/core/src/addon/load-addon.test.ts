import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useBundle } from '../../test/support/bundle.js'
import { aMacho, anElf } from '../../test/support/libraries.js'

const bundle = useBundle()
const x64 = { platform: 'linux', arch: 'x64', libc: 'glibc' }
const prebuilt = 'prebuilds/linux-x64-glibc/millrace.node'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-addon-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The package as it is when it is installed, with these files in it. */
function install(files: Readonly<Record<string, Buffer | string>> = {}): void {
  const all = { 'package.json': '{ "name": "@millrace/core" }', ...files }
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

/** What the first call that needs the addon says, in a process that takes itself for one on that system. */
function refusal(system: typeof x64, env: NodeJS.ProcessEnv = {}): { code: string; message: string; tried: number } {
  mkdirSync(join(folder, 'dist'), { recursive: true })
  for (const name of readdirSync(dirname(bundle.esm)))
    cpSync(join(dirname(bundle.esm), name), join(folder, 'dist', name))
  const entry = pathToFileURL(join(folder, 'dist/index.mjs')).href
  const disguise = `
    const { platform, arch, libc } = ${JSON.stringify(system)}
    Object.defineProperty(process, 'platform', { value: platform })
    Object.defineProperty(process, 'arch', { value: arch })
    process.report.getReport = () => ({ header: libc === 'glibc' ? { glibcVersionRuntime: '2.36' } : {} })`
  const script = `
    import { possibleCpus } from ${JSON.stringify(entry)}
    try { possibleCpus() } catch ({ code, message, tried }) {
      console.log(JSON.stringify({ code, message, tried: tried.length }))
    }`
  const node = [
    '--import',
    `data:text/javascript,${encodeURIComponent(disguise)}`,
    '--input-type=module',
    '--eval',
    script,
  ]
  const { MILLRACE_NATIVE_BINDING: _, ...inherited } = process.env
  return JSON.parse(execFileSync(process.execPath, node, { encoding: 'utf8', env: { ...inherited, ...env } }))
}

describe('where there is no eBPF', () => {
  it.each(['darwin', 'win32'])('nothing is looked for on %s', (platform) => {
    install()
    const { code, message, tried } = refusal({ ...x64, platform })
    expect(code).toBe('ERR_NATIVE_BINDING')
    expect(message).toMatch(`not available on ${platform}-x64. eBPF is a part of the Linux kernel: run this on Linux`)
    expect(tried).toBe(0)
  })
})

describe('on Linux', () => {
  it('names the places where it looked', () => {
    install()
    const { message, tried } = refusal(x64)
    expect(tried).toBe(3)
    expect(message).toContain(`${join(folder, 'build/Release/millrace.node')}: no such file`)
    expect(message).toContain(`${join(folder, prebuilt)}: no such file`)
    expect(message).toContain('The package has no addon in it. Install it again (npm ci); or build it in a clone')
  })

  it('says that there is none for musl, wherever node_modules came from', () => {
    install({ [prebuilt]: anElf('x64') })
    const { message } = refusal({ ...x64, libc: 'musl' })
    expect(message).toContain('not available on linux-x64-musl')
    expect(message).toContain('has the addon for linux-x64-glibc. None is built for musl yet: use a system with glibc')
  })

  it.each([
    ['another processor', { ...x64, arch: 'arm64' }, 'linux-arm64-glibc'],
    ['a processor that nobody has built it for', { ...x64, arch: 'riscv64' }, 'linux-riscv64-glibc'],
  ])('says what node_modules has, and that it may be copied: %s', (_, system, name) => {
    install({ [prebuilt]: anElf('x64') })
    const { message } = refusal(system)
    expect(message).toContain(`not available on ${name}`)
    expect(message).toContain(`The package has the addon for linux-x64-glibc, and none for ${name}.`)
    expect(message).toContain('If node_modules was copied from another system, install it here instead (npm ci).')
  })

  it.each([
    ['of another processor', anElf('arm64'), 'it is for Linux on arm64, and this is Linux on x64 with glibc'],
    ['of another system', aMacho('arm64'), 'it is for macOS on arm64, and this is Linux on x64 with glibc'],
    ['for musl', anElf('x64', 'libc.musl-x86_64.so.1\0'), 'it is for Linux on x64 with musl, and this is Linux on x64'],
    ['a pointer to a file elsewhere', 'version https://git-lfs', 'it is no library of any system, and this is Linux'],
    ['empty', '', 'it is an empty file, and this is'],
  ])('tells a file that is %s by its header', (_, content, reason) => {
    install({ [prebuilt]: content })
    const { message } = refusal(x64)
    expect(message).toContain(`${join(folder, prebuilt)}: ${reason}`)
    expect(message).toContain('cannot be loaded: install it again (npm ci)')
  })

  it('says in the words of the loader why a file of this system cannot be loaded', () => {
    install({ [prebuilt]: anElf('x64', 'libc.so.6\0') })
    expect(refusal(x64).message).not.toContain('and this is')
  })

  it('looks at nothing but the file that MILLRACE_NATIVE_BINDING names', () => {
    install({ [prebuilt]: anElf('x64') })
    const { message, tried } = refusal(x64, { MILLRACE_NATIVE_BINDING: folder })
    expect(tried).toBe(1)
    expect(message).toContain(`${folder}: no file`)
    expect(message).toContain('MILLRACE_NATIVE_BINDING names this file')
  })

  it('knows when a bundler has moved it, and says what to copy where', () => {
    const { message } = refusal(x64)
    expect(message).toContain('a bundler will have moved it. Mark @millrace/* as external')
    expect(message).toContain(`copy node_modules/@millrace/core/prebuilds to ${join(folder, 'dist/prebuilds')}`)
    expect(message).toContain(`${join(folder, 'dist', prebuilt)}: no such file`)
  })
})
