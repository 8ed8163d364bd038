import { readFileSync, renameSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { Project } from './support/project.js'

const packages = inject('packages').filter((name) => name !== '@millrace/bpf')
const object = new URL('../../examples/firewall/src/generated/firewall.bpf.o', import.meta.url)

let project: Project
beforeAll(async () => {
  project = await Project.create(Object.fromEntries(inject('packages').map((name) => [name, '*'])))
})
afterAll(() => project[Symbol.dispose]())

/** A process that takes itself for one on another system, and in which no addon can be loaded, as on that system. */
function disguised(system: { platform: string; arch: string; glibc: boolean }) {
  const text = `
    const { platform, arch, glibc } = ${JSON.stringify(system)}
    Object.defineProperty(process, 'platform', { value: platform })
    Object.defineProperty(process, 'arch', { value: arch })
    process.report.getReport = () => ({ header: glibc ? { glibcVersionRuntime: '2.36' } : {} })
    process.dlopen = () => { throw new Error('an addon was loaded') }`
  return { options: ['--import', `data:text/javascript,${encodeURIComponent(text)}`] }
}

const systems: readonly [string, { platform: string; arch: string; glibc: boolean }, RegExp][] = [
  ['macOS', { platform: 'darwin', arch: 'arm64', glibc: false }, /darwin-arm64\. eBPF is a part of the Linux kernel/],
  ['Windows', { platform: 'win32', arch: 'x64', glibc: false }, /win32-x64\. eBPF is a part of the Linux kernel/],
  [
    'an unknown processor',
    { platform: 'linux', arch: 'riscv64', glibc: true },
    /none for linux-riscv64-glibc\. If node_modules was copied/,
  ],
  ['musl', { platform: 'linux', arch: 'x64', glibc: false }, /None is built for musl yet: use a system with glibc/],
]

describe.each(systems)('on %s', (_, system, message) => {
  it('everything can be imported, and types, codecs, packets and bpf2ts work', async () => {
    const result = await project.run<Record<string, unknown>>(
      'work.mjs',
      `for (const name of ${JSON.stringify(packages)}) await import(name)
      import { readFileSync } from 'node:fs'
      import { preflight } from '@millrace/core'
      import { ipv4, struct, u16be } from '@millrace/maps'
      import { packet, parsePacket } from '@millrace/testing'
      import { bpf2ts } from '@millrace/codegen'
      const flow = struct({ address: ipv4, port: u16be })
      const bytes = new Uint8Array(flow.size)
      flow.encode({ address: '10.0.0.1', port: 443 }, new DataView(bytes.buffer), 0)
      const text = bpf2ts(readFileSync(process.env.OBJECT), { file: 'firewall.bpf.o' })
      console.log(JSON.stringify({
        flow: flow.decode(new DataView(bytes.buffer), 0),
        port: parsePacket(packet().ethernet().ipv4().udp({ destinationPort: 53 }).build()).get('udp').destinationPort,
        module: text,
        ready: preflight().ready,
      }))`,
      { ...disguised(system), env: { OBJECT: object.pathname } },
    )
    expect(result).toMatchObject({ flow: { address: '10.0.0.1', port: 443 }, port: 53 })
    expect(result.module).toContain("new URL('./firewall.bpf.o', import.meta.url)")
    if (system.platform !== 'linux') expect(result.ready).toBe(false)
  })

  it('the first call that needs the kernel says what was looked for, and what to do', async () => {
    const errors = await project.run<{ code: string; message: string }[]>(
      'refused.mjs',
      `import { load, NativeBindingError, possibleCpus, RawMap } from '@millrace/core'
      import { HashMap, u32 } from '@millrace/maps'
      const calls = [
        () => possibleCpus(),
        () => HashMap.create({ name: 'flows', key: u32, value: u32, maxEntries: 1 }),
        () => RawMap.open('/sys/fs/bpf/flows'),
        () => load(process.env.OBJECT),
      ]
      const errors = []
      for (const call of calls) {
        try { await call() } catch (error) {
          errors.push({ code: error.code, message: error.message, isOne: error instanceof NativeBindingError })
        }
      }
      console.log(JSON.stringify(errors))`,
      { ...disguised(system), env: { OBJECT: object.pathname } },
    )
    expect(errors).toHaveLength(4)
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'ERR_NATIVE_BINDING', isOne: true })
      expect(error.message).toMatch(message)
      if (system.platform === 'linux')
        expect(error.message).toMatch(/prebuilds\/linux-\S+\/millrace\.node: no such file/)
    }
  })
})

it('a package whose addon was taken out says so', async () => {
  const prebuilds = project.path('node_modules/@millrace/core/prebuilds')
  renameSync(prebuilds, `${prebuilds}.away`)
  try {
    const message = await project.run<string>(
      'missing.mjs',
      `import { possibleCpus } from '@millrace/core'
      try { possibleCpus() } catch (error) { console.log(JSON.stringify(error.message)) }`,
    )
    expect(message).toContain('The package has no addon in it. Install it again (npm ci)')
  } finally {
    renameSync(`${prebuilds}.away`, prebuilds)
  }
})

it('bpf2ts as a command needs no addon either', async () => {
  project.write('firewall.bpf.o', '')
  const written = readFileSync(new URL('firewall.bpf.ts', object), 'utf8')
  const system = { platform: 'darwin', arch: 'arm64', glibc: false }
  const result = await project.run<string>(
    'command.mjs',
    `import { copyFileSync, readFileSync } from 'node:fs'
    copyFileSync(process.env.OBJECT, 'firewall.bpf.o')
    process.argv.splice(2, Infinity, 'firewall.bpf.o')
    process.on('exit', () => console.log(JSON.stringify(readFileSync('firewall.bpf.ts', 'utf8'))))
    console.info = () => {}
    await import('./node_modules/@millrace/codegen/dist/cli.js')`,
    { ...disguised(system), env: { OBJECT: object.pathname } },
  )
  expect(result).toBe(written)
})
