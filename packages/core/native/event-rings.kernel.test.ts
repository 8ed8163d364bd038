import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Handle, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { objectFile } from '../test/support/objects.js'

const native = nativeBinding()

let opened: Handle[] = []
let maps: Readonly<Record<string, Handle>>
let programs: Readonly<Record<string, Handle>>

beforeEach(() => {
  const object = native.objectOpen(readFileSync(objectFile('native-events')), 'events', {})
  if ('errno' in object) throw new Error(object.log)
  const loaded = native.objectLoadSync(object.handle)
  native.close(object.handle)
  if ('errno' in loaded) throw new Error(loaded.log)
  maps = loaded.maps
  programs = loaded.programs
  opened = [...Object.values(maps), ...Object.values(programs)]
})
afterEach(() => {
  for (const handle of opened) native.close(handle)
})

function open(handle: Handle | { readonly errno: number }): Handle {
  if (typeof handle !== 'number') throw new Error(`errno ${handle.errno}`)
  opened.push(handle)
  return handle
}

/** Runs a program over a packet of 1400 bytes that begins with a number. */
function run(program: string, number = 0): number {
  const data = new Uint8Array(1400).fill(7)
  new DataView(data.buffer).setUint32(0, number, true)
  const options = { data, dataOutSize: 0, contextOutSize: 0, repeat: 1, flags: 0, cpu: 0, batchSize: 0 }
  const result = native.programTestRun(programs[program] ?? 0, options)
  if ('errno' in result) throw new Error(`test run: errno ${result.errno}`)
  return result.returnValue
}

describe('a perf event array', () => {
  it('leaves a record that is longer than the buffer where it is, and tells its length', () => {
    const ring = open(native.perfOpen(maps.samples ?? 0, 8192))
    expect(run('sample', 1396)).toBe(2)
    const index = new Uint32Array(8)
    expect(native.ringDrain(ring, new Uint8Array(1399), index)).toBe(-errno.EMSGSIZE)
    // 4 bytes and 1396, rounded up to 4 above a multiple of 8.
    expect(index[0]).toBe(1404)
    const out = new Uint8Array(1404)
    expect(native.ringDrain(ring, out, index)).toBe(1)
    expect(index.subarray(0, 2)).toEqual(Uint32Array.of(0, 1404))
    expect(out[1399]).toBe(7)
    expect(native.ringAvailable(ring)).toBe(0)
  })

  it('is whole where a record goes around the end', () => {
    const ring = open(native.perfOpen(maps.samples ?? 0, 4096))
    const out = new Uint8Array(2048)
    const index = new Uint32Array(2)
    for (let length = 100; length < 1300; length += 13) {
      expect(run('sample', length)).toBe(2)
      expect(native.ringDrain(ring, out, index)).toBe(1)
      const record = out.subarray(4, 4 + length)
      expect(new DataView(out.buffer).getUint32(0, true)).toBe(length)
      expect(record.subarray(4).every((byte) => byte === 7)).toBe(true)
    }
    expect(native.perfLost(ring)).toEqual(Array.from(native.perfLost(ring) as bigint[], () => 0n))
  })

  it('takes no more records than the index has room for', () => {
    const ring = open(native.perfOpen(maps.samples ?? 0, 8192))
    for (let i = 0; i < 5; i++) run('sample')
    expect(native.ringDrain(ring, new Uint8Array(4096), new Uint32Array(4))).toBe(2)
    expect(native.ringDrain(ring, new Uint8Array(4096), new Uint32Array(64))).toBe(3)
  })

  it('outlives the handle of its map, whose number another descriptor may get', () => {
    const ring = open(native.perfOpen(maps.samples ?? 0, 4096))
    native.close(maps.samples ?? 0)
    const other = open(native.mapCreate(2, 'other', 4, 4, 8, 0))
    expect(native.mapUpdate(other, new Uint8Array(4), new Uint8Array(4).fill(9), 0)).toBe(0)
    run('sample')
    expect(native.ringDrain(ring, new Uint8Array(64), new Uint32Array(2))).toBe(1)
    native.close(ring)
    const value = new Uint8Array(4)
    expect(native.mapLookup(other, new Uint8Array(4), value, 0)).toBe(0)
    expect(value).toEqual(new Uint8Array(4).fill(9))
    expect(run('sample')).toBe(1)
  })

  it('is of no size that the kernel would not map', () => {
    for (const bytes of [0, 1, 4095, 12_288, 2 ** 32 + 4096 * 3, Number.NaN]) {
      expect(native.perfOpen(maps.samples ?? 0, bytes)).toEqual({ errno: errno.EINVAL, log: '' })
    }
    expect(native.perfOpen(maps.commands ?? 0, 4096)).toMatchObject({ errno: errno.EINVAL })
    expect(native.perfOpen(0, 4096)).toMatchObject({ errno: errno.EBADF })
  })
})

describe('a user ring buffer', () => {
  it('takes records of any length up to its own', () => {
    const ring = open(native.userRingOpen(maps.commands ?? 0))
    for (const length of [0, 1, 7, 8, 9, 1000]) expect(native.userRingWrite(ring, new Uint8Array(length))).toBe(0)
    expect(run('drain')).toBe(6)
    expect(native.userRingWrite(ring, new Uint8Array(4088))).toBe(0)
    expect(native.userRingWrite(ring, new Uint8Array(1))).toBe(-errno.ENOSPC)
    expect(native.userRingWrite(ring, new Uint8Array(4089))).toBe(-errno.E2BIG)
    expect(run('drain')).toBe(1)
  })

  it('works on when its map is closed', () => {
    const ring = open(native.userRingOpen(maps.commands ?? 0))
    native.close(maps.commands ?? 0)
    expect(native.userRingWrite(ring, new Uint8Array(8))).toBe(0)
    expect(run('drain')).toBe(1)
  })
})

it('no call takes a ring for one of another kind', () => {
  const perf = open(native.perfOpen(maps.samples ?? 0, 4096))
  const user = open(native.userRingOpen(maps.commands ?? 0))
  const plain = open(native.ringOpen(open(native.mapCreate(27, 'plain', 0, 0, 4096, 0))))
  expect(native.perfLost(plain)).toMatchObject({ errno: errno.EBADF })
  expect(native.perfLost(user)).toMatchObject({ errno: errno.EBADF })
  expect(native.userRingWrite(perf, new Uint8Array(8))).toBe(-errno.EBADF)
  expect(native.userRingWrite(plain, new Uint8Array(8))).toBe(-errno.EBADF)
  expect(native.ringDrain(user, new Uint8Array(8), new Uint32Array(2))).toBe(-errno.EBADF)
  expect(native.ringAvailable(user)).toBe(-errno.EBADF)
  expect(native.ringWait(user, () => {})).toBe(-errno.EBADF)
  expect(native.userRingWrite(user, new Uint32Array(2) as unknown as Uint8Array)).toBe(-errno.EINVAL)
  expect(native.userRingOpen(maps.samples ?? 0)).toMatchObject({ errno: errno.EINVAL })
  expect(native.ringOpen(maps.commands ?? 0)).toMatchObject({ errno: errno.EINVAL })
})
