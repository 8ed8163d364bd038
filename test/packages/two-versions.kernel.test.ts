import { afterAll, beforeAll, expect, it } from 'vitest'
import { Project } from './support/project.js'

let project: Project
beforeAll(async () => {
  // Core 1.0.0 at the top, and beneath maps and xdp the version that they ask for.
  project = await Project.create({ '@millrace/core': '1.0.0', '@millrace/maps': '*', '@millrace/xdp': '*' })
})
afterAll(() => project[Symbol.dispose]())

const head = `
  import { createRequire } from 'node:module'
  import * as mine from '@millrace/core'
  import { HashMap, u32 } from '@millrace/maps'
  import { attachXdp } from '@millrace/xdp'
  const require = createRequire(import.meta.url)
  const theirs = createRequire(require.resolve('@millrace/maps'))('@millrace/core')
  const caught = (call) => { try { call() } catch (error) { return error } }
  const raw = { type: 'hash', keySize: 4, valueSize: 4, maxEntries: 4 }
`

it('there are two, with a table of handles each', async () => {
  const result = await project.run<{ same: boolean; handles: number[]; names: string[] }>(
    'handles.mjs',
    `${head}
    const first = mine.RawMap.create({ ...raw, name: 'first' })
    const second = theirs.RawMap.create({ ...raw, name: 'second' })
    first.update(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(11, 0, 0, 0))
    second.update(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(22, 0, 0, 0))
    const read = (map) => { const value = new Uint8Array(4); map.lookup(Uint8Array.of(1, 0, 0, 0), value); return value[0] }
    const values = [first, second].map(read)
    first.close()
    values.push(read(second))
    second.close()
    console.log(JSON.stringify({ same: mine.RawMap === theirs.RawMap, values }))`,
  )
  expect(result).toEqual({ same: false, values: [11, 22, 22] })
})

it("each knows the other's errors", async () => {
  const result = await project.run(
    'errors.mjs',
    `${head}
    const error = caught(() => theirs.RawMap.create({ ...raw, keySize: -1, name: 'x' }))
    const closed = theirs.RawMap.create({ ...raw, name: 'y' })
    closed.close()
    const late = caught(() => closed.info())
    console.log(JSON.stringify([
      error instanceof mine.ArgumentError, error instanceof mine.MillraceError, error instanceof mine.ClosedError,
      late instanceof mine.ClosedError, late instanceof theirs.ClosedError,
    ]))`,
  )
  expect(result).toEqual([true, true, false, true, true])
})

it('what one has made the other refuses, and says why and what to do', async () => {
  const { messages, codes, byId } = await project.run<{ messages: string[]; codes: string[]; byId: number }>(
    'refused.mjs',
    `${head}
    const map = mine.RawMap.create({ ...raw, name: 'mine' })
    const typed = HashMap.create({ name: 'theirs', key: u32, value: u32, maxEntries: 4 })
    const object = await mine.load(process.env.OBJECT)
    const [program] = Object.values(object.programs)
    const name = Object.keys(object.maps)[0]
    const errors = [
      caught(() => theirs.RawMap.create({ ...raw, type: 'hash_of_maps', name: 'outer', innerMap: map })),
      caught(() => attachXdp(program, 'lo')),
      caught(() => mine.loadSync(process.env.OBJECT, { maps: { [name]: { replace: typed } } })),
    ]
    const same = theirs.RawMap.openById(map.id)
    console.log(JSON.stringify({
      messages: errors.map((error) => error?.message), codes: errors.map((error) => error?.code), byId: same.info().id - map.id,
    }))
    for (const it of [map, typed, object, same]) it.close()`,
    { env: { OBJECT: new URL('../../examples/firewall/src/generated/firewall.bpf.o', import.meta.url).pathname } },
  )
  expect(codes).toEqual(['ERR_ARGUMENT', 'ERR_ARGUMENT', 'ERR_ARGUMENT'])
  for (const message of messages)
    expect(message).toMatch(/another copy of @millrace\/core, in .*See `npm ls @millrace\/core`/)
  expect(byId).toBe(0)
})

it('each warns of what was left open by itself', async () => {
  const result = await project.run(
    'leaks.mjs',
    `${head}
    const warnings = []
    process.on('warning', ({ message }) => warnings.push(message))
    ;(() => { mine.RawMap.create({ ...raw, name: 'left' }); theirs.RawMap.create({ ...raw, name: 'behind' }) })()
    for (let i = 0; i < 200 && warnings.length < 2; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 10)) }
    console.log(JSON.stringify(warnings.sort()))`,
    { options: ['--expose-gc', '--no-warnings'] },
  )
  expect(result).toEqual([
    expect.stringContaining('map behind was never closed'),
    expect.stringContaining('map left was'),
  ])
})

it('nothing is left on globalThis', async () => {
  const result = await project.run(
    'globals.mjs',
    `const before = new Set(Reflect.ownKeys(globalThis))
    await import('@millrace/core'); await import('@millrace/maps')
    console.log(JSON.stringify(Reflect.ownKeys(globalThis).filter((key) => !before.has(key)).map(String)))`,
  )
  expect(result).toEqual([])
})
