import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { load, RawMap } from '@millrace/core'
import { isAtLeast, nativeBinding } from '@millrace/core/internal'
import { describe, expect, test } from 'vitest'
import { useBpffs } from '../../../core/test/support/bpffs.js'
import { besideProgram } from '../../test/beside-program.js'
import { arena as object } from '../../test/generated/arena.bpf.js'
import { Arena, ArrayMap, HashMap, struct, u32, u64 } from '../index.js'

const isThere = isAtLeast('6.9')
const Node = struct({ next: u64, value: u64 })
const packet = { data: new Uint8Array(64) }
const code = (name: string) => expect.objectContaining({ code: name })
const argument = (name: string) => expect.objectContaining({ code: 'ERR_ARGUMENT', argument: name })
const fresh = (maxEntries = 4) => Arena.create({ name: 'arena', maxEntries })
const child = fileURLToPath(new URL('../../test/arena-child.mjs', import.meta.url))

describe.skipIf(!isThere)('an Arena', () => {
  const bpffs = useBpffs()

  test('is memory at an address, zeroes to begin with', () => {
    using arena = fresh()
    expect([arena.type, arena.maxEntries, arena.length]).toEqual(['arena', 4, 4 * 4096])
    expect(arena.info().mapExtra).toBe(arena.address)
    const node = arena.view(Node, 4096)
    expect(node.get()).toEqual({ next: 0n, value: 0n })
    node.fields.value = 7n
    expect(node.field('value').add(1n)).toBe(7n)
    expect(arena.view(Node, 4096).get()).toEqual({ next: 0n, value: 8n })
    const all = arena.array(u64, { length: 4 * 512 })
    expect(all.get(513)).toBe(8n)
    all.set(4 * 512 - 1, 1n)
    expect(arena.array(u32, { offset: 4 * 4096 - 8, length: 1 }).get(0)).toBe(1)
    expect(arena.array(u32, { length: 0 }).length).toBe(0)
  })

  test('translates pointers', () => {
    using arena = fresh()
    expect(arena.pointer(0)).toBe(arena.address)
    expect(arena.offset(arena.pointer(4095))).toBe(4095)
    for (const pointer of [0n, arena.address - 1n, arena.address + 4n * 4096n, 5, undefined]) {
      expect(() => arena.offset(pointer as bigint)).toThrow(argument('pointer'))
    }
    for (const offset of [-1, 0.5, 4 * 4096, 1n]) {
      expect(() => arena.pointer(offset as number)).toThrow(argument('offset'))
    }
  })

  test('has an end', () => {
    using arena = fresh()
    for (const offset of [-8, 4, 4 * 4096, 4 * 4096 - 8, 2 ** 40, undefined]) {
      expect(() => arena.view(Node, offset as number)).toThrow(argument('offset'))
    }
    expect(() => arena.array(u64, { length: 4 * 512 + 1 })).toThrow(argument('options.offset'))
  })

  test('is shared with programs: a list that one makes, both extend, and another goes through', async () => {
    using loaded = await load(object)
    const { arena } = loaded.maps
    const { build, walk } = loaded.programs
    const { root, sum, length, wanted } = loaded.variables
    wanted.set(5)
    expect(build.testRun({ repeat: 1 }).returnValue).toBe(0)
    expect(() => build.testRun({ repeat: 2 })).toThrow(argument('options.repeat'))
    const values = () => {
      const found: bigint[] = []
      for (let at = root.get().head; at !== 0n; ) {
        const node = arena.view(Node, arena.offset(at)).get()
        found.push(node.value)
        at = node.next
      }
      return found
    }
    expect(values()).toEqual([16n, 9n, 4n, 1n, 0n])
    // A page that user space is the first to touch.
    const own = 63 * 4096
    const head = root.view()
    arena.view(Node, own).set({ next: head.fields.head, value: 100n })
    head.fields.head = arena.pointer(own)
    walk.testRun(packet)
    expect([sum.get(), length.get()]).toEqual([130n, 6])
    expect(build.testRun({}).returnValue).toBe(0)
    expect(values()).toEqual([16n, 9n, 4n, 1n, 0n, 100n, 16n, 9n, 4n, 1n, 0n])
    // The variables of the arena are its first bytes.
    expect(head.get()).toMatchObject({ visits: 6n, walks: 1 })
    expect(arena.view(u64, 8).load()).toBe(6n)
  })

  test('loses no update when a program adds at the same time', async () => {
    using loaded = await load(object)
    const { build, walk } = loaded.programs
    build.testRun({})
    const visits = loaded.variables.root.view().field('visits')
    let added = 0n
    await besideProgram(walk, () => {
      visits.add(1n)
      return ++added < 100_000n
    })
    const { walks } = loaded.variables.root.get()
    expect(walks).toBeGreaterThan(0)
    expect(visits.load()).toBe(BigInt(walks) * 10n + added)
  })

  test('gives zeroes where a program has freed a page', async () => {
    using loaded = await load(object)
    const { build, release } = loaded.programs
    build.testRun({})
    const { arena } = loaded.maps
    const node = arena.view(Node, arena.offset(loaded.variables.root.get().head))
    expect(node.get().value).toBe(81n)
    release.testRun({})
    expect(node.get()).toEqual({ next: 0n, value: 0n })
    node.fields.value = 1n
    expect(node.get().value).toBe(1n)
  })

  test('is mapped once in a process, whoever opens it', async () => {
    using arena = fresh()
    arena.pin(`${bpffs.path}/arena`)
    using same = Arena.open(`${bpffs.path}/arena`)
    expect(same.address).toBe(arena.address)
    arena.view(u64, 8).set(5n)
    const view = same.view(u64, 8)
    expect(view.get()).toBe(5n)
    arena.close()
    same.close()
    view.add(1n)
    using again = Arena.from(RawMap.open(`${bpffs.path}/arena`))
    expect(again.view(u64, 8).get()).toBe(6n)
    again.unpin(`${bpffs.path}/arena`)
  })

  test('is shared with a worker thread, and outlives it there', async () => {
    using arena = fresh()
    const view = arena.view(u64, 16)
    const worker = new Worker(child, { argv: [String(arena.id)], stdout: true })
    expect(await once(worker, 'exit')).toEqual([0])
    expect(view.add(1n)).toBe(1n)
    const again = new Worker(child, { argv: [String(arena.id)], stdout: true })
    expect(await once(again, 'exit')).toEqual([0])
    expect(view.get()).toBe(3n)
  })

  test('lies at the same address in another process', () => {
    using arena = fresh()
    arena.pin(`${bpffs.path}/shared`)
    arena.view(u64, 16).set(41n)
    const address = execFileSync(process.execPath, [child, `${bpffs.path}/shared`], { encoding: 'utf8' })
    expect(BigInt(address)).toBe(arena.address)
    expect(arena.view(u64, 16).get()).toBe(42n)
    arena.unpin()
  })

  test('may be given its address, which then has to be free', () => {
    const address = BigInt(nativeBinding().arenaAddress(4096))
    using arena = Arena.create({ name: 'placed', maxEntries: 1, address })
    expect(arena.address).toBe(address)
    using other = Arena.create({ name: 'placed', maxEntries: 1, address })
    expect(() => other.address).toThrow(/something else there/)
    for (const wrong of [1, -1n, 2n ** 60n, '0x1000']) {
      expect(() => Arena.create({ name: 'placed', maxEntries: 1, address: wrong as bigint })).toThrow(
        argument('options.address'),
      )
    }
    expect(() => Arena.create({ name: 'placed', maxEntries: 1, address: 123n })).toThrow(code('ERR_KERNEL'))
    expect(() => Arena.create({ name: 'placed', maxEntries: 2, address: 2n ** 44n - 4096n })).toThrow(
      code('ERR_KERNEL'),
    )
  })

  test('is refused where it is too large, or of another kind', () => {
    expect(() => Arena.create({ name: 'large', maxEntries: 2 ** 20 + 1 })).toThrow(code('ERR_KERNEL'))
    expect(() => Arena.create({ name: 'none', maxEntries: 0 })).toThrow(code('ERR_KERNEL'))
    expect(() => Arena.create({ name: 'large', maxEntries: 1, adress: 0n } as never)).toThrow(/did you mean address/)
    using map = ArrayMap.create({ name: 'array', value: u64, maxEntries: 1 })
    expect(() => Arena.from(map.raw)).toThrow(code('ERR_MAP_INCOMPATIBLE'))
    using arena = fresh()
    expect(() => HashMap.from(arena.raw, { key: u32, value: u32 })).toThrow(code('ERR_MAP_INCOMPATIBLE'))
  })

  test('of 4 GiB is not too large', () => {
    using arena = Arena.create({ name: 'large', maxEntries: 2 ** 20 })
    const last = arena.view(Node, 2 ** 32 - 16)
    last.set({ next: 1n, value: 2n })
    expect(last.fields.value).toBe(2n)
    expect(arena.view(u64, 2 ** 32 - 8).get()).toBe(2n)
  })

  test('whose pages end the process that touches them is not viewed', () => {
    const flags = (1 << 10) | (1 << 17)
    const raw = RawMap.create({ type: 'arena', name: 'segv', keySize: 0, valueSize: 0, maxEntries: 1, flags })
    using arena = Arena.from(raw)
    expect(() => arena.view(u64, 0)).toThrow(code('ERR_MAP_UNSUPPORTED'))
    expect(() => arena.address).toThrow(code('ERR_MAP_UNSUPPORTED'))
  })

  test('is closed', () => {
    const arena = fresh()
    const view = arena.view(u64, 0)
    arena.close()
    arena.close()
    for (const use of [() => arena.view(u64, 0), () => arena.address, () => arena.length, () => arena.offset(0n)]) {
      expect(use).toThrow(code('ERR_CLOSED'))
    }
    view.set(3n)
    expect(view.get()).toBe(3n)
  })
})
