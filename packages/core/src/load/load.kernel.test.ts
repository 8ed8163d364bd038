import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { basic } from '../../test/generated/basic.bpf.js'
import { frame, objectFile } from '../../test/support/objects.js'
import { ClosedError, StaleModuleError } from '../errors/index.js'
import { listMaps, listPrograms } from '../list.js'
import { RawMap } from '../raw-map.js'
import { load, loadSync } from './load.js'

const drop = 1
const pass = 2

describe('load', () => {
  it('takes a generated module, and everything of it is typed', async () => {
    using object = await load(basic)
    expect(Object.keys(object.maps)).toEqual(['counters', 'perCpu'])
    expect(Object.keys(object.programs)).toEqual(['decide', 'mark'])
    expect(object.programs.decide).toMatchObject({ name: 'decide', type: 'xdp', section: 'xdp' })
    expect(object.programs.mark).toMatchObject({ name: 'mark', type: 'sched_cls', section: 'tc' })
    expect(object.programs.decide.testRun({ data: frame(100) }).returnValue).toBe(pass)
    expect(object.maps.counters.get(0)).toEqual({ packets: 1n, bytes: 100n })
    expect(object.variables.seen.get()).toBe(1n)
  })

  it.each([
    ['a path', () => objectFile('basic')],
    ['a URL', () => pathToFileURL(objectFile('basic'))],
    ['bytes', () => readFileSync(objectFile('basic'))],
  ])('takes %s, and everything goes by its C name', async (_, source) => {
    using object = await load(source())
    expect(Object.keys(object.maps).sort()).toEqual(['counters', 'per_cpu'])
    expect(object.maps.counters).toBeInstanceOf(RawMap)
    expect(object.maps.per_cpu).toMatchObject({ type: 'percpu_hash', keySize: 4, valueSize: 4, maxEntries: 64 })
    expect(Object.keys(object.programs).sort()).toEqual(['decide', 'mark'])
    expect(object.programs.decide?.testRun({ data: frame(100) }).returnValue).toBe(pass)
    expect(object.variables.data_i16?.get()).toBe(-16)
    expect(object.variables.seen?.get()).toBe(1n)
    expect(object.variables.data_bytes?.get()).toEqual(new Uint8Array([2, 2, 3, 4]))
  })

  it('writes constants before the verifier sees them', async () => {
    using object = await load(basic, { constants: { verdict: drop, threshold: 1000n } })
    expect(object.programs.decide.testRun({ data: frame(64) }).returnValue).toBe(0)
    expect(object.programs.decide.testRun({ data: frame(1200) }).returnValue).toBe(drop)
    using untyped = await load(objectFile('basic'), { constants: { verdict: drop } })
    expect(untyped.programs.decide?.testRun({ data: frame(64) }).returnValue).toBe(drop)
  })

  it('changes the size of maps', async () => {
    using object = await load(objectFile('basic'), { maps: { counters: { maxEntries: 7 } } })
    expect(object.maps.counters?.info().maxEntries).toBe(7)
    expect(object.maps.counters?.maxEntries).toBe(7)
  })

  it('leaves programs out', async () => {
    using object = await load(basic, { omit: ['mark'] })
    expect(Object.keys(object.programs)).toEqual(['decide'])
    expect(object.programs.decide.testRun({ data: frame() }).returnValue).toBe(pass)
  })

  it('shares a map with another object', async () => {
    using first = await load(basic)
    const shared = RawMap.openById(first.maps.counters.raw.id)
    using second = await load(basic, { maps: { counters: { replace: shared } } })
    using third = loadSync(basic, { maps: { counters: { replace: first.maps.counters } } })
    shared.close()
    for (const { programs } of [first, second, third]) programs.decide.testRun({ data: frame(100) })
    expect(first.maps.counters.get(0)).toEqual({ packets: 3n, bytes: 300n })
    expect(third.maps.counters.get(0)).toEqual({ packets: 3n, bytes: 300n })
  })

  it('relocates against the kernel, or against the BTF that is given', async () => {
    const file = objectFile('co-re')
    const verdict = async (btf?: string) => {
      using object = await load(file, { btf })
      return object.programs.knows_kernel?.testRun({ data: frame() }).returnValue
    }
    expect(await verdict()).toBe(pass)
    expect(await verdict('/sys/kernel/btf/vmlinux')).toBe(pass)
    // Any file with BTF will do; this one knows nothing of the kernel's types.
    expect(await verdict(objectFile('basic'))).toBe(drop)
    await expect(verdict('/etc/hostname')).rejects.toThrow(
      /^options\.btf is '\/etc\/hostname', expected a file with BTF/,
    )
  })

  it('prints what the verifier did when asked', async () => {
    using quiet = await load(basic)
    expect(quiet.log).toBe('')
    using loud = await load(basic, { logLevel: 1 })
    expect(loud.log).toMatch(/processed \d+ insns/)
  })

  it('runs while other things go on', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const objects = await Promise.all(Array.from({ length: 8 }, () => load(basic)))
    clearInterval(timer)
    for (const object of objects) object.close()
    expect(turns).toBeGreaterThan(0)
  })

  it('gives maps and programs their names in the kernel', async () => {
    using object = await load(basic)
    const { id } = object.programs.decide
    expect(listPrograms().find((it) => it.id === id)).toMatchObject({
      name: 'decide',
      type: 'xdp',
      gplCompatible: true,
    })
    const maps = listMaps().filter((it) => object.programs.decide.info().mapIds.includes(it.id))
    expect(maps.map(({ name }) => name).sort()).toEqual(['basic.bss', 'basic.data', 'basic.rodata', 'counters'])
  })
})

describe('loadSync', () => {
  it('does the same on this thread', () => {
    using object = loadSync(basic, { constants: { verdict: drop }, omit: ['mark'] })
    expect(object.programs.decide.testRun({ data: frame() }).returnValue).toBe(drop)
    using untyped = loadSync(objectFile('basic'))
    expect(untyped.programs.decide?.testRun({ data: frame() }).returnValue).toBe(pass)
  })
})

describe('close', () => {
  it('closes all parts, and may be called twice', async () => {
    const object = await load(basic)
    object.variables.seen.get()
    expect(object.closed).toBe(false)
    object.close()
    expect(object.closed).toBe(true)
    object.close()
    expect(() => object.programs.decide.testRun({ data: frame() })).toThrow(ClosedError)
    expect(() => object.maps.counters.get(0)).toThrow(ClosedError)
    expect(() => object.variables.seen.get()).toThrow(ClosedError)
    expect(() => object.variables.dataU8.get()).toThrow(ClosedError)
  })

  it('lets the kernel forget the programs', async () => {
    const object = await load(basic)
    const { id } = object.programs.decide
    object.close()
    await expect.poll(() => listPrograms().some((it) => it.id === id)).toBe(false)
  })
})

describe('abort', () => {
  it('before loading reads nothing', async () => {
    const reason = new Error('enough')
    await expect(load('/no/such/file', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(() => loadSync(basic, { signal: AbortSignal.abort(reason) })).toThrow(reason)
  })

  it('while loading leaves nothing behind', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const before = new Set(listPrograms().map(({ id }) => id))
    const loading = load(readFileSync(objectFile('basic')), { signal: controller.signal })
    setImmediate(() => controller.abort(reason))
    await expect(loading).rejects.toBe(reason)
    const mine = () => listPrograms().filter(({ id, name }) => !before.has(id) && name === 'decide')
    await expect.poll(mine).toEqual([])
  })
})

describe('a stale module', () => {
  it('is an error that lists every difference', async () => {
    const { maps, programs, constants, variables } = basic
    const stale = {
      ...basic,
      maps: {
        ...maps,
        counters: {
          ...maps.counters,
          type: 'hash',
          value: { ...maps.counters.value, layout: ['size 8', 'packets u32 @0'] },
        },
      },
      programs: { ...programs, gone: { name: 'gone', type: 'xdp', section: 'xdp' } },
      constants: { verdict: { ...constants.verdict, offset: 4 } },
      variables: { seen: { ...variables.seen, codec: variables.dataU32.codec } },
    } as never
    const error = await load(stale).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(StaleModuleError)
    expect(
      (error as StaleModuleError).differences.map(({ what, object, module }) => `${what}: ${object} | ${module}`),
    ).toEqual([
      'map counters, type: array | hash',
      'map counters, value, size: 16 | 8',
      'map counters, value, field packets: u64 @0 | u32 @0',
      'map counters, value, field bytes: u64 @64 | undefined',
      'program gone: undefined | xdp',
      'constant verdict, offset: 0 | 4',
      'variable seen, size: 8 | 4',
      'variable seen, type: u64 @0 | u32 @0',
    ])
  })
})
