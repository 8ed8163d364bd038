import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { again } from '../../test/generated/again.bpf.js'
import { useBpffs } from '../../test/support/bpffs.js'
import { frame, objectFile } from '../../test/support/objects.js'
import { nativeBinding } from '../binding.js'
import { ArgumentError, ClosedError, MapIncompatibleError, VerifierError } from '../errors/index.js'
import { MappedMemory } from '../memory.js'
import { Program } from '../program.js'
import { RawMap } from '../raw-map.js'
import { load, loadSync } from './load.js'
import { loadAgain } from './load-again.js'
import { originOf } from './origin.js'

const bpffs = useBpffs()
const pass = 2
const tx = 3
const drop = 1

const open: Disposable[] = []
/** Closes it after the test. */
function own<T extends Disposable>(it: T): T {
  open.push(it)
  return it
}
afterEach(() => {
  for (const it of open.splice(0).reverse()) it[Symbol.dispose]()
})

const unbroken = { constants: { broken: 0 } }
const loadFirst = () => own(loadSync(again, { ...unbroken, maps: { againPinned: { pin: null } } }))

const run = (program: Program) => program.testRun({ data: frame() }).returnValue

function u32(value: number): Uint8Array {
  return new Uint8Array(new Uint32Array([value]).buffer)
}

function map(maps: ReadonlyMap<string, RawMap>, name: string): RawMap {
  const found = maps.get(name)
  if (found === undefined) throw new Error(`no map ${name}`)
  return found
}

function u64At(raw: RawMap, key: number): bigint | undefined {
  const value = new Uint8Array(8)
  return raw.lookup(u32(key), value) === 0 ? new DataView(value.buffer).getBigUint64(0, true) : undefined
}

/** A number of `.bss` or `.data` at its start. */
function firstOf(raw: RawMap): bigint {
  using memory = MappedMemory.of(raw)
  const value = new Uint8Array(8)
  memory.read(0, value)
  return new DataView(value.buffer).getBigUint64(0, true)
}

describe('the origin of a program', () => {
  it('is known for specs, paths and bytes, loaded either way', async () => {
    const path = objectFile('tail-call')
    const objects = [
      own(await load(again, { ...unbroken, pinRoot: bpffs.path })),
      own(await load(path)),
      own(loadSync(path)),
      own(await load(readFileSync(path))),
      own(loadSync(readFileSync(path))),
    ]
    for (const object of objects) {
      const programs: readonly Program[] = Object.values(object.programs)
      expect(programs.length).toBeGreaterThan(1)
      for (const program of programs) {
        expect(originOf(program)).toMatchObject({ name: program.name, owner: object })
        expect(originOf(program)?.maps.get('next')?.type).toBe('prog_array')
      }
    }
    rmSync(join(bpffs.path, 'again_pinned'))
  })

  it('is not known for one that was opened', () => {
    const { programs } = loadFirst()
    const opened = own(Program.openById(programs.first.id))
    expect(originOf(opened)).toBeUndefined()
    expect(() => loadAgain(opened)).toThrow(ArgumentError)
    expect(() => loadAgain(opened)).toThrow(/opened from a pin or by its id does not know its object file: load that/)
  })
})

describe('an instance', () => {
  it('is another program of the same code, of one program only', () => {
    const object = loadFirst()
    const instance = own(loadAgain(object.programs.second))
    expect(instance.program.id).not.toBe(object.programs.second.id)
    expect(instance.program.info().tag).toBe(object.programs.second.info().tag)
    expect(instance.program.section).toBe('xdp')
    expect(run(instance.program)).toBe(tx)
  })

  it('shares every map, with variables and constants', () => {
    const object = loadFirst()
    const instance = own(loadAgain(object.programs.second))
    const { maps } = originOf(object.programs.second) ?? expect.unreachable()
    expect([...instance.maps.keys()].sort()).toEqual([...maps.keys()].sort())
    for (const [name, raw] of instance.maps) expect(raw.id, name).toBe(map(maps, name).id)

    run(object.programs.first)
    run(instance.program)
    run(instance.program)
    expect(object.maps.totals.get(1)).toBe(1n)
    expect(object.maps.totals.get(2)).toBe(2n)
    expect(object.variables.seen.get()).toBe(3n)
    // Written from here, seen by both.
    object.variables.limit.set(0n)
    run(object.programs.second)
    run(instance.program)
    expect(object.variables.seen.get()).toBe(3n)
  })

  it('has the constants of the first load, known to the verifier', () => {
    const object = own(
      loadSync(again, { constants: { broken: 0, verdict: drop }, maps: { againPinned: { pin: null } } }),
    )
    // Code that the constant `broken` leads to is refused.
    const instance = own(loadAgain(object.programs.first))
    expect(run(instance.program)).toBe(drop)
  })

  it('has constants of its own when they are given, the others as they were', () => {
    const object = own(
      loadSync(again, { constants: { broken: 0, step: 5, verdict: drop }, maps: { againPinned: { pin: null } } }),
    )
    const instance = own(loadAgain(object.programs.first, { constants: { verdict: tx } }))
    expect(run(instance.program)).toBe(tx)
    expect(run(object.programs.first)).toBe(drop)
    expect(object.maps.totals.get(1)).toBe(10n)

    const { maps } = originOf(object.programs.first) ?? expect.unreachable()
    expect(map(instance.maps, '.rodata').id).not.toBe(map(maps, '.rodata').id)
    expect(map(instance.maps, '.rodata').info().frozen).toBe(true)
    // In its turn, what it was loaded with.
    const third = own(loadAgain(instance.program, { constants: { step: 1 } }))
    expect(run(third.program)).toBe(tx)
    expect(object.maps.totals.get(1)).toBe(11n)
  })

  it('is refused by the verifier with its reasons', () => {
    const object = loadFirst()
    expect(() => loadAgain(object.programs.first, { constants: { broken: 1 } })).toThrow(VerifierError)
  })

  it('gets fresh maps where it is to own them', () => {
    const object = own(
      loadSync(again, { ...unbroken, maps: { againPinned: { pin: null }, totals: { maxEntries: 4 } } }),
    )
    run(object.programs.first)
    const instance = own(loadAgain(object.programs.first, { own: ['totals', 'next', '.bss'] }))
    const { maps } = originOf(object.programs.first) ?? expect.unreachable()
    const own3 = [...instance.maps].filter(([name, raw]) => raw.id !== map(maps, name).id).map(([name]) => name)
    expect(own3.sort()).toEqual(['.bss', 'next', 'totals'])
    // As large as the first load made it.
    expect(map(instance.maps, 'totals').info().maxEntries).toBe(4)

    run(instance.program)
    expect(u64At(map(instance.maps, 'totals'), 1)).toBe(1n)
    expect(firstOf(map(instance.maps, '.bss'))).toBe(1n)
    expect(object.maps.totals.get(1)).toBe(1n)
    expect(object.variables.seen.get()).toBe(1n)
  })

  it('starts its own variables as C has them', () => {
    const object = loadFirst()
    object.variables.limit.set(7n)
    const instance = own(loadAgain(object.programs.second, { own: ['.data'] }))
    expect(firstOf(map(instance.maps, '.data'))).toBe(1000n)
  })

  it('takes maps from elsewhere, and leaves them open', () => {
    const object = loadFirst()
    const elsewhere = loadFirst()
    const { maps } = originOf(elsewhere.programs.second) ?? expect.unreachable()
    const totals = own(RawMap.openById(map(maps, 'totals').id))
    const bss = own(RawMap.openById(map(maps, '.bss').id))
    const instance = own(loadAgain(object.programs.second, { maps: { totals, '.bss': bss } }))
    run(instance.program)
    expect(object.maps.totals.get(2)).toBeUndefined()
    expect(elsewhere.maps.totals.get(2)).toBe(1n)
    expect(elsewhere.variables.seen.get()).toBe(1n)
    instance.close()
    expect(u64At(totals, 2)).toBe(1n)
  })

  it('refuses maps that do not fit', () => {
    const object = loadFirst()
    const other = { type: 'hash', name: 'totals', keySize: 4, valueSize: 8, maxEntries: 16 } as const
    const larger = own(RawMap.create({ ...other, maxEntries: 17 }))
    const wider = own(RawMap.create({ ...other, valueSize: 16 }))
    for (const totals of [larger, wider]) {
      expect(() => loadAgain(object.programs.second, { maps: { totals } })).toThrow(MapIncompatibleError)
    }
    const closed = RawMap.create(other)
    closed.close()
    expect(() => loadAgain(object.programs.second, { maps: { totals: closed } })).toThrow(ClosedError)
  })

  it('is not pinned, and looks for no pin', () => {
    const folder = join(bpffs.path, 'once')
    const object = own(loadSync(again, { ...unbroken, pinRoot: folder }))
    expect(readdirSync(folder)).toEqual(['again_pinned'])
    rmSync(join(folder, 'again_pinned'))
    const shared = own(loadAgain(object.programs.first))
    const fresh = own(loadAgain(object.programs.first, { own: ['again_pinned'] }))
    expect(readdirSync(folder)).toEqual([])
    expect(run(fresh.program)).toBe(pass)
    expect(u64At(map(fresh.maps, 'again_pinned'), 0)).toBe(1n)
    expect(u64At(map(shared.maps, 'again_pinned'), 0)).toBe(0n)
    rmSync(folder, { recursive: true })
  })
})

describe('two instances', () => {
  it('share a map and a variable with each other, also when the first object is closed', () => {
    const object = loadFirst()
    const one = own(loadAgain(object.programs.first, { own: ['next'] }))
    const two = own(loadAgain(object.programs.second, { own: ['next'] }))
    object.close()
    run(one.program)
    run(two.program)
    run(two.program)
    expect(u64At(map(one.maps, 'totals'), 2)).toBe(2n)
    expect(u64At(map(two.maps, 'totals'), 1)).toBe(1n)
    expect(firstOf(map(one.maps, '.bss'))).toBe(3n)

    const three = own(loadAgain(two.program))
    two.close()
    run(three.program)
    expect(firstOf(map(one.maps, '.bss'))).toBe(4n)
    expect(map(three.maps, 'next').id).not.toBe(map(one.maps, 'next').id)
  })

  it('go on to each other by program arrays of their own', () => {
    const object = loadFirst()
    const one = own(loadAgain(object.programs.first, { own: ['next'] }))
    const two = own(loadAgain(object.programs.second))
    expect(map(one.maps, 'next').update(u32(0), u32(nativeBinding().descriptor(two.program.handle)))).toBe(0)
    expect(run(one.program)).toBe(tx)
    expect(run(object.programs.first)).toBe(pass)
  })
})

describe('loading again', () => {
  it('needs the file no more', () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-again-'))
    try {
      const path = join(folder, 'object.bpf.o')
      copyFileSync(objectFile('tail-call'), path)
      const object = own(loadSync(path))
      const bytes = readFileSync(path)
      const given = own(loadSync(bytes))
      writeFileSync(path, 'another thing')
      bytes.fill(0)
      for (const { programs } of [object, given]) {
        const { dropper } = programs
        if (dropper === undefined) throw new Error('no program')
        expect(run(own(loadAgain(dropper)).program)).toBe(drop)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is refused once the object is closed', () => {
    const object = loadFirst()
    const instance = loadAgain(object.programs.first)
    object.close()
    instance.close()
    expect(instance.closed).toBe(true)
    for (const { first } of [object.programs, { first: instance.program }]) {
      expect(() => loadAgain(first)).toThrow(ClosedError)
      expect(() => loadAgain(first)).toThrow(/the object again was used after it was closed/)
    }
  })

  it('refuses an object that fills a program array in C', () => {
    const object = own(loadSync(objectFile('filled')))
    const { caller, called } = object.programs
    if (caller === undefined || called === undefined) throw new Error('no programs')
    expect(run(caller)).toBe(drop)
    expect(() => loadAgain(caller)).toThrow(/does not fill the program array filled in C/)
    expect(() => loadAgain(called)).toThrow(ArgumentError)
    expect(run(caller)).toBe(drop)
  })

  it.each([
    [{ own: ['total'] }, 'options.own', 'totals'],
    [{ maps: { totls: undefined } }, 'options.maps', 'totals'],
    [{ constants: { verdct: 1 } }, 'options.constants', 'verdict'],
    [{ constants: { verdict: 'pass' } }, 'options.constants.verdict', undefined],
    [{ owns: [] }, 'options', 'own'],
    [{ attachType: -1 }, 'options.attachType', undefined],
    [{ extends: {} }, 'options.extends.program', undefined],
  ])('refuses %j', (options, argument, suggestion) => {
    const object = loadFirst()
    const attempt = () => loadAgain(object.programs.first, options as object)
    expect(attempt).toThrow(ArgumentError)
    expect(attempt).toThrow(expect.objectContaining({ argument, suggestion }))
  })

  it('refuses a map from elsewhere for a name that is to be its own', () => {
    const object = loadFirst()
    const { maps } = originOf(object.programs.first) ?? expect.unreachable()
    const totals = map(maps, 'totals')
    expect(() => loadAgain(object.programs.first, { own: ['totals'], maps: { totals } })).toThrow(ArgumentError)
    const given = { constants: { step: 2 }, maps: { '.rodata': map(maps, '.rodata') } }
    expect(() => loadAgain(object.programs.first, given)).toThrow(ArgumentError)
  })

  it('leaves nothing open when it fails', () => {
    const object = loadFirst()
    const before = readdirSync('/proc/self/fd').length
    for (let n = 0; n < 5; n++) {
      expect(() => loadAgain(object.programs.first, { constants: { broken: 1 } })).toThrow(VerifierError)
      loadAgain(object.programs.first, { own: ['totals'] }).close()
    }
    expect(readdirSync('/proc/self/fd').length).toBe(before)
  })
})
