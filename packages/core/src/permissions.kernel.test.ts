import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundleEnvironment, useBundle } from '../test/support/bundle.js'
import { objectFile } from '../test/support/objects.js'

const bundle = useBundle()
let object = ''
let addon = ''
beforeAll(() => {
  // Where every user can read them: the checkout may be in a home that is closed to others.
  object = join(dirname(bundle.esm), 'basic.bpf.o')
  addon = join(dirname(bundle.esm), 'millrace.node')
  copyFileSync(objectFile('basic'), object)
  copyFileSync(bundleEnvironment.MILLRACE_NATIVE_BINDING, addon)
  chmodSync(dirname(bundle.esm), 0o755)
})

/** In a changed root the kernel lets nobody make one, see unshare(2); some systems have none. */
const hasUserNamespaces = spawnSync('unshare', ['--user', 'true']).status === 0

interface Refusal {
  readonly name: string
  readonly code: string
  readonly message: string
  readonly capability?: string
}

/** What `expression` comes to in a process with other rights; `m` is core. */
function attempt(rights: readonly string[], expression: string): Refusal | string {
  const script = `
    import * as m from ${JSON.stringify(bundle.esm)}
    const object = ${JSON.stringify(object)}
    try {
      console.log(JSON.stringify(String(await (async () => ${expression})())))
    } catch (error) {
      console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message, capability: error.capability }))
    }`
  const node = [process.execPath, '--input-type=module', '--eval', script]
  const [command = '', ...args] = [...rights, ...node]
  return JSON.parse(
    execFileSync(command, args, {
      encoding: 'utf8',
      cwd: '/',
      env: { ...bundleEnvironment, MILLRACE_NATIVE_BINDING: addon },
    }),
  )
}

const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
const without = (...names: string[]) => [
  'setpriv',
  '--bounding-set',
  names.map((it) => `-${it}`).join(','),
  '--inh-caps',
  '-all',
]

describe('an ordinary user', () => {
  it.each([
    ['m.load(object)', 'CAP_BPF', /^to load .*basic\.bpf\.o needs CAP_BPF, which this process does not have/],
    [
      "m.RawMap.create({ type: 'hash', name: 'x', keySize: 4, valueSize: 4, maxEntries: 1 })",
      'CAP_BPF',
      /create the hash map x/,
    ],
    ['m.listPrograms()', 'CAP_SYS_ADMIN', /list the programs/],
    ['m.listMaps()', 'CAP_SYS_ADMIN', /list the maps/],
    ['m.listLinks()', 'CAP_SYS_ADMIN', /list the links/],
    ['m.RawMap.openById(1)', 'CAP_SYS_ADMIN', /open map 1/],
    ['m.Program.openById(1)', 'CAP_SYS_ADMIN', /open program 1/],
    ['m.Link.openById(1)', 'CAP_SYS_ADMIN', /open link 1/],
    ['m.enableStatistics()', 'CAP_SYS_ADMIN', /switch statistics on/],
    ["m.isSupported({ programType: 'xdp' })", 'CAP_BPF', /find out whether the kernel has program type xdp/],
    [
      "m.isSupported({ programType: 'xdp', helper: 'bpf_redirect' })",
      'CAP_BPF',
      /find out whether the kernel has helper bpf_redirect/,
    ],
  ])('%s: is told which capability lacks', (expression, capability, message) => {
    expect(attempt(nobody, expression)).toMatchObject({
      name: 'MissingCapabilityError',
      code: 'ERR_MISSING_CAPABILITY',
      capability,
      message: expect.stringMatching(message),
    })
  })

  it('is told beforehand by preflight', () => {
    const { ready, problems } = JSON.parse(attempt(nobody, 'JSON.stringify(m.preflight())') as string)
    expect(ready).toBe(false)
    expect(problems).toEqual(['this process does not have CAP_BPF and CAP_NET_ADMIN: run as root or grant it'])
  })

  it('may import the package, and read of features', () => {
    expect(attempt(nobody, "m.requiredKernel({ mapType: 'ringbuf' })")).toBe('5.8')
  })
})

describe('root with one capability less', () => {
  it('without CAP_BPF: that is the one', () => {
    expect(attempt(without('bpf', 'sys_admin'), 'm.load(object)')).toMatchObject({ capability: 'CAP_BPF' })
  })

  it('without CAP_NET_ADMIN: names the program that needs it', () => {
    expect(attempt(without('net_admin', 'sys_admin'), 'm.load(object)')).toMatchObject({
      capability: 'CAP_NET_ADMIN',
      message: expect.stringMatching(/^to load the xdp program decide needs CAP_NET_ADMIN/),
    })
  })

  it('without CAP_NET_ADMIN: names the map that needs it', () => {
    const create = "m.RawMap.create({ type: 'devmap', name: 'ports', keySize: 4, valueSize: 4, maxEntries: 1 })"
    expect(attempt(without('net_admin', 'sys_admin'), create)).toMatchObject({
      capability: 'CAP_NET_ADMIN',
      message: expect.stringMatching(/^to create the devmap map ports needs CAP_NET_ADMIN/),
    })
  })

  it('without CAP_PERFMON: the verifier is stricter, and the error says so', () => {
    expect(attempt(without('perfmon', 'sys_admin'), 'm.load(object)')).toMatchObject({
      name: 'VerifierError',
      message: expect.stringMatching(
        /pointer -= pointer prohibited \(allowed only to processes with CAP_PERFMON, which this one does not have\)/,
      ),
    })
  })

  it('CAP_SYS_ADMIN stands for CAP_BPF', () => {
    expect(attempt(without('bpf', 'perfmon'), 'm.load(object).then((it) => it.name)')).toBe('basic')
  })

  it.runIf(hasUserNamespaces)('in a user namespace of its own: says that those do not count', () => {
    expect(attempt(['unshare', '--user', '--map-root-user'], 'm.load(object)')).toMatchObject({
      name: 'MissingCapabilityError',
      capability: 'CAP_BPF',
      message: expect.stringMatching(/capabilities of a user namespace other than the first do not count for BPF/),
    })
  })
})
