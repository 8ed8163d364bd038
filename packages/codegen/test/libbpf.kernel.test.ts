import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { load, type ObjectSpec, StaleModuleError } from '@millrace/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { bpf2ts } from '../src/index.js'
import { compileBpf, temporaryFolder } from './clang.js'
import { Cookie, everything, type Session, Verdict } from './expected/everything.bpf.js'
import { makeSamples, printHeader, printVariables, seed } from './layouts/samples.js'

const folder = temporaryFolder()

// core reads the object a second time, by libbpf, and refuses a module that differs: two readers of the same types agree.
describe('a module with one of everything', () => {
  const file = path.join(folder, 'everything.bpf.o')

  beforeAll(() => {
    compileBpf(folder, 'everything', readFileSync(new URL('./c/everything.bpf.c', import.meta.url), 'utf8'))
  })

  it('is what libbpf finds in the object', async () => {
    using live = await load(
      { ...everything, file },
      { constants: { defaultVerdict: Verdict.Drop, interfaceName: 'lo' } },
    )
    expect(live.programs.firewall.type).toBe('xdp')
    expect(live.variables.totals.get()).toEqual({ packets: 1n, bytes: 2n })
  })

  it('writes and reads values in the kernel', async () => {
    using live = await load({ ...everything, file })
    const key = { source: { family: 2, v4: '192.0.2.1' }, sourcePort: 443, mark: 7 }
    live.maps.sessions.set(key, session)
    const found = live.maps.sessions.get(key)
    expect(found).toMatchObject({ ...session, token: { low: 2, high: 1, raw: Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0) } })
    live.maps.blocked.set({ prefixLength: 8, address: '10.0.0.0' }, { packets: 1n, bytes: 2n })
    expect(live.maps.blocked.get({ prefixLength: 32, address: '10.1.2.3' })).toEqual({ packets: 1n, bytes: 2n })
    live.maps.verdicts.set(3, Verdict.Drop)
    expect(live.maps.verdicts.get(3)).toBe(Verdict.Drop)
  })

  it('is refused for another object', async () => {
    const source = readFileSync(new URL('./c/everything.bpf.c', import.meta.url), 'utf8')
    compileBpf(folder, 'changed', source.replace('__s32 drift;', '__u32 drift;'))
    const changed = { ...everything, file: path.join(folder, 'changed.bpf.o') }
    await expect(load(changed)).rejects.toThrow(StaleModuleError)
    await expect(load(changed)).rejects.toThrow(/drift/)
  })
})

describe(`random layouts (MILLRACE_SEED=${seed})`, () => {
  it('are what libbpf finds in the object', async () => {
    const samples = makeSamples()
    const object = compileBpf(folder, 'layouts', printHeader(samples) + printVariables(samples))
    const module = path.join(folder, 'layouts.bpf.ts')
    writeFileSync(module, bpf2ts(object, { file: 'layouts.bpf.o' }))
    const { layouts }: { layouts: ObjectSpec } = await import(module)
    using live = await load({ ...layouts, file: path.join(folder, 'layouts.bpf.o') })
    expect(Object.keys(live.variables)).toHaveLength(samples.length)
  })
})

const session: Session = {
  verdict: Verdict.Drop,
  isOpen: true,
  neighbour: '02:00:00:00:00:01',
  name: 'größe',
  secret: Uint8Array.from({ length: 32 }, (_, index) => index),
  drift: -1,
  version: 15,
  offset: -2048,
  sequence: 2n ** 40n - 1n,
  last: Verdict.Max,
  isNew: true,
  cookie: Cookie.First,
  histogram: [0, 1, 2, 3, 4, 5, 6, 65_535],
  matrix: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  perDirection: [
    { packets: 1n, bytes: 64n },
    { packets: 2n, bytes: 128n },
  ],
  aliases: ['one', 'two'],
  modes: [0, 1],
  token: { whole: 0x1_0000_0002n },
  seen: { first: 1n, last: 2n },
  wide: 2n ** 128n - 1n,
  rate: 0.5,
  clock: 2 ** 40 + 1,
  stamp: 1n,
}
