import { existsSync, mkdirSync } from 'node:fs'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { useBpffs } from '../test/support/bpffs.js'
import { bpftool } from '../test/support/bpftool.js'
import { errno } from './errno.js'
import {
  ArgumentError,
  ClosedError,
  KernelError,
  MapOperationError,
  PinError,
  UnsupportedKernelError,
} from './errors/index.js'
import { possibleCpus } from './features/system.js'
import { isAtLeast } from './kernel-version.js'
import { listMaps } from './list.js'
import { MappedMemory } from './memory.js'
import { RawMap, type RawMapOptions } from './raw-map.js'

const bpffs = useBpffs()
const open: RawMap[] = []
const create = (options: Partial<RawMapOptions> = {}) => {
  const map = RawMap.create({ type: 'hash', name: 'core_test', keySize: 4, valueSize: 8, maxEntries: 4, ...options })
  open.push(map)
  return map
}
afterEach(() => {
  for (const map of open.splice(0)) map.close()
})

const key = (value: number) => new Uint8Array(new Uint32Array([value]).buffer)
const value = (first: number) => new Uint8Array([first, 0, 0, 0, 0, 0, 0, 0])

describe('operations', () => {
  it('update, look up, go through and delete', () => {
    const map = create()
    expect(map.update(key(1), value(11))).toBe(0)
    expect(map.update(key(2), value(22))).toBe(0)
    const out = new Uint8Array(8)
    expect(map.lookup(key(2), out)).toBe(0)
    expect(out).toEqual(value(22))

    const keys: number[] = []
    const next = new Uint8Array(4)
    for (let at: Uint8Array | null = null; map.nextKey(at, next) === 0; at = next.slice()) keys.push(next[0] ?? 0)
    expect(keys.sort()).toEqual([1, 2])

    expect(map.delete(key(1))).toBe(0)
    expect(map.delete(key(1))).toBe(-errno.ENOENT)
    expect(map.lookup(key(1), out)).toBe(-errno.ENOENT)
    expect(map.lookupAndDelete(key(2), out)).toBe(0)
    expect(map.lookup(key(2), out)).toBe(-errno.ENOENT)
  })

  it('honour the flags', () => {
    const map = create()
    expect(map.update(key(1), value(1), 2)).toBe(-errno.ENOENT)
    expect(map.update(key(1), value(1), 1)).toBe(0)
    expect(map.update(key(1), value(1), 1)).toBe(-errno.EEXIST)
  })

  it('work in batches', () => {
    const map = create({ maxEntries: 100 })
    const many = 100
    const keys = new Uint8Array(new Uint32Array(many).map((_, index) => index).buffer)
    const count = new Uint32Array([many])
    expect(map.updateBatch(keys, new Uint8Array(8 * many).fill(7), count)).toBe(0)
    expect(count[0]).toBe(many)

    const [token, outKeys, outValues] = [new Uint8Array(4), new Uint8Array(4 * many), new Uint8Array(8 * many)]
    expect(map.lookupBatch(true, token, outKeys, outValues, count)).toBe(-errno.ENOENT)
    expect(count[0]).toBe(many)
    expect([...new Uint32Array(outKeys.buffer)].sort((a, b) => a - b)).toEqual([...new Uint32Array(keys.buffer)])
    expect(outValues.every((byte) => byte === 7)).toBe(true)

    count[0] = 60
    expect(map.deleteBatch(keys, count)).toBe(0)
    count[0] = many
    expect(map.lookupAndDeleteBatch(true, token, outKeys, outValues, count)).toBe(-errno.ENOENT)
    expect(count[0]).toBe(40)
    expect(map.nextKey(null, new Uint8Array(4))).toBe(-errno.ENOENT)
  })

  it('have room for all possible CPUs in per-CPU maps, each value rounded up to 8 bytes', () => {
    const map = create({ type: 'percpu_array', valueSize: 12 })
    expect(map.valueBufferSize).toBe(16 * possibleCpus())
    const values = new Uint8Array(map.valueBufferSize)
    expect(map.lookup(key(0), values)).toBe(0)
    expect(map.lookup(key(0), values.subarray(8))).toBe(-errno.EINVAL)
  })

  it('refuse buffers that are too short', () => {
    const map = create()
    expect(map.lookup(key(1).subarray(1), new Uint8Array(8))).toBe(-errno.EINVAL)
    expect(map.update(key(1), new Uint8Array(7))).toBe(-errno.EINVAL)
  })
})

describe('info', () => {
  it('says what bpftool says', () => {
    const map = create({ flags: 1 })
    const info = map.info()
    expect(info).toMatchObject({ type: 'hash', name: 'core_test', keySize: 4, valueSize: 8, maxEntries: 4, flags: 1 })
    expect(info).toMatchObject({ mapExtra: 0n, ifindex: 0, btfId: 0, frozen: false })
    const theirs = bpftool('map', 'show', 'id', String(map.id))
    expect(theirs).toMatchObject({
      id: info.id,
      type: info.type,
      name: info.name,
      flags: info.flags,
      bytes_key: info.keySize,
      bytes_value: info.valueSize,
      max_entries: info.maxEntries,
      bytes_memlock: info.memlock,
      frozen: Number(info.frozen),
    })
  })

  it('is in the list of the whole system, in the order of ids', () => {
    const map = create()
    const list = listMaps()
    expect(list).toContainEqual(map.info())
    expect(list.map(({ id }) => id)).toEqual(list.map(({ id }) => id).sort((a, b) => a - b))
  })
})

describe('open', () => {
  it('finds a map by its id', () => {
    const map = create()
    map.update(key(1), value(9))
    using same = RawMap.openById(map.id)
    expect(same).toMatchObject({ type: 'hash', name: 'core_test', keySize: 4, valueSize: 8, maxEntries: 4 })
    const out = new Uint8Array(8)
    expect(same.lookup(key(1), out)).toBe(0)
    expect(out[0]).toBe(9)
  })

  it('says which id does not exist', () => {
    expect(() => RawMap.openById(0xffff_fffe)).toThrow(KernelError)
    expect(() => RawMap.openById(0xffff_fffe)).toThrow(/open map 4294967294: ENOENT/)
    expect(() => RawMap.openById(0)).toThrow(ArgumentError)
  })

  it('by a pin outlives the map that was pinned', () => {
    const path = `${bpffs.path}/flows`
    const map = create()
    map.update(key(1), value(5))
    expect(map.pinPath).toBeUndefined()
    map.pin(path)
    expect(map.pinPath).toBe(path)
    map.close()

    using same = RawMap.open(path)
    expect(same.pinPath).toBe(path)
    expect(same.lookup(key(1), new Uint8Array(8))).toBe(0)
    same.unpin()
    expect(existsSync(path)).toBe(false)
    expect(same.pinPath).toBeUndefined()
  })

  it('by a pin can be for reading only', () => {
    const path = `${bpffs.path}/read-only`
    const map = create()
    map.pin(path)
    using reader = RawMap.open(path, { access: 'read-only' })
    expect(reader.nextKey(null, new Uint8Array(4))).toBe(-errno.ENOENT)
    expect(reader.update(key(1), value(1))).toBe(-errno.EPERM)
    expect(() => RawMap.open(path, { access: 'read_only' as never })).toThrow(/did you mean read-only/)
    map.unpin()
  })
})

describe('pins', () => {
  const refusal = (call: () => unknown): PinError => {
    try {
      call()
    } catch (error) {
      if (error instanceof PinError) return error
      throw error
    }
    throw new Error('no error')
  }

  it('say what is wrong with a path', () => {
    const map = create()
    const taken = `${bpffs.path}/taken`
    map.pin(taken)
    expect(refusal(() => map.pin(taken)).message).toBe(`${taken}: the path is taken already`)
    expect(refusal(() => map.pin('/tmp/millrace-flows')).message).toMatch(
      /\/tmp is not on a bpf filesystem; pin below one, such as \/sys\/fs\/bpf/,
    )
    expect(refusal(() => map.pin(`${bpffs.path}/none/flows`)).message).toMatch(/the folder .*none does not exist/)
    expect(refusal(() => RawMap.open(`${bpffs.path}/missing`)).message).toMatch(/nothing is pinned there/)
    expect(refusal(() => RawMap.open('/etc/hostname')).message).toMatch(/\/etc is not on a bpf filesystem/)
    expect(refusal(() => RawMap.open(bpffs.path)).message).toMatch(/is not on a bpf filesystem|is no pin/)
    expect(() => map.pin('')).toThrow(ArgumentError)
    map.unpin(taken)
  })

  it('are removed only by their own map', () => {
    const path = `${bpffs.path}/own`
    const map = create()
    const other = create({ name: 'other' })
    map.pin(path)
    expect(refusal(() => other.unpin(path)).message).toBe(`${path}: another map is pinned there`)
    expect(refusal(() => other.unpin()).message).toMatch(/not pinned/)
    map.unpin()
    expect(refusal(() => map.unpin(path)).message).toMatch(/nothing is pinned there/)
  })

  it('may lie in folders', () => {
    const map = create()
    mkdirSync(`${bpffs.path}/folder`)
    map.pin(`${bpffs.path}/folder/flows`)
    expect(existsSync(`${bpffs.path}/folder/flows`)).toBe(true)
    map.unpin()
  })
})

describe('create', () => {
  it.each([
    [{ type: 'hahs' as never }, /options\.type is 'hahs'.*did you mean hash/],
    [{ maxEntries: -1 }, /options\.maxEntries is -1/],
    [{ keySize: 1.5 }, /options\.keySize/],
    [{ name: '' }, /options\.name/],
    [{ name: 'my-map' }, /options\.name is 'my-map', expected letters, digits, _ and \./],
    [{ maxEntrys: 1 } as never, /did you mean maxEntries/],
  ])('refuses %o', (options, message) => {
    expect(() => create(options)).toThrow(ArgumentError)
    expect(() => create(options)).toThrow(message)
  })

  it.each([
    [{ keySize: 0 }, /hash map cannot have 0 bytes a key/],
    [{ type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 1000 }, /EINVAL.*ringbuf map cannot have.*1000 entries/],
    [{ type: 'array', keySize: 8 }, /array map cannot have 8 bytes a key/],
  ] satisfies [Partial<RawMapOptions>, RegExp][])('explains what the kernel refuses: %o', (options, message) => {
    expect(() => create(options)).toThrow(KernelError)
    expect(() => create(options)).toThrow(message)
  })

  it.runIf(!isAtLeast('6.19'))('says which kernel has what this one has not', () => {
    const options = { type: 'insn_array', keySize: 4, valueSize: 16 } as const
    expect(() => create(options)).toThrow(UnsupportedKernelError)
    expect(() => create(options)).toThrow(/^map type insn_array \(map core_test\) needs Linux 6\.19, this is \d/)
  })

  it('knows how many entries the kernel made of those asked for', () => {
    const map = create({ type: 'lru_hash', maxEntries: 2 * possibleCpus() - 1, flags: 1 << 1 })
    expect(map.maxEntries).toBe(2 * possibleCpus())
    expect(map.info().maxEntries).toBe(map.maxEntries)
  })

  it('makes ring buffers and arrays', () => {
    expect(create({ type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 4096 }).info().type).toBe('ringbuf')
    expect(create({ type: 'array' }).lookup(key(3), new Uint8Array(8))).toBe(0)
  })
})

describe('freeze', () => {
  it('is refused while the map is mapped writably, and says so', () => {
    const map = create({ type: 'array', flags: 1 << 10 })
    using _memory = MappedMemory.of(map)
    expect(() => map.freeze()).toThrow(/mapped writably into memory \(EBUSY\)/)
  })

  it('ends writing from user space', () => {
    const map = create()
    map.freeze()
    expect(map.info().frozen).toBe(true)
    expect(map.update(key(1), value(1))).toBe(-errno.EPERM)
    expect(() => map.freeze()).toThrow(MapOperationError)
  })
})

it('prints in a line', () => {
  const map = create()
  expect(inspect(map)).toBe('map core_test (hash)')
  map.close()
  expect(inspect({ map })).toBe('{ map: map core_test (hash, closed) }')
})

describe('close', () => {
  it('may be called twice, and ends use', () => {
    const map = create()
    map.close()
    map.close()
    expect(map.closed).toBe(true)
    expect(map.lookup(key(1), new Uint8Array(8))).toBe(-errno.EBADF)
    for (const use of [
      () => map.info(),
      () => map.freeze(),
      () => map.pin('/x'),
      () => map.unpin('/x'),
      () => map.id,
    ]) {
      expect(use).toThrow(ClosedError)
      expect(use).toThrow('the map core_test was used after it was closed')
    }
  })

  it('does not touch another map that got the same descriptor', () => {
    const first = create()
    first.close()
    const second = create({ name: 'second' })
    first.close()
    expect(first.update(key(1), value(1))).toBe(-errno.EBADF)
    expect(second.update(key(1), value(1))).toBe(0)
  })

  it('comes with `using`', () => {
    let kept: RawMap
    {
      using map = create()
      kept = map
    }
    expect(kept.closed).toBe(true)
  })
})
