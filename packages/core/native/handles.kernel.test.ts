import { closeSync, openSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { type Handle, nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'

const native = nativeBinding()
const hash = 1
const open: Handle[] = []

function createMap(): Handle {
  const handle = native.mapCreate(hash, 'handles', 4, 8, 4, 0)
  if (typeof handle !== 'number') throw new Error(`no map: errno ${handle.errno}`)
  open.push(handle)
  return handle
}
afterEach(() => {
  for (const handle of open.splice(0)) native.close(handle)
})

/** Whether a program that is started from here does without the descriptor. */
function closeOnExec(descriptor: number): boolean {
  const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1]
  return (Number.parseInt(flags ?? '', 8) & 0o2000000) !== 0
}

const key = new Uint8Array(4)
const value = new Uint8Array(8)

describe('a closed handle', () => {
  it('is refused by every call, and by a second close', () => {
    const map = createMap()
    expect(native.close(map)).toBe(0)
    expect(native.close(map)).toBe(-errno.EBADF)
    expect(native.mapLookup(map, key, value, 0)).toBe(-errno.EBADF)
    expect(native.mapUpdate(map, key, value, 0)).toBe(-errno.EBADF)
    expect(native.mapNextKey(map, null, key)).toBe(-errno.EBADF)
    expect(native.mapFreeze(map)).toBe(-errno.EBADF)
    expect(native.descriptor(map)).toBe(-errno.EBADF)
    expect(native.pin(map, '/nowhere')).toBe(-errno.EBADF)
    expect(native.mapInfo(map)).toEqual({ errno: errno.EBADF, log: '' })
  })

  it('does not name the map that gets its slot and its descriptor', () => {
    const old = createMap()
    const descriptor = native.descriptor(old)
    native.close(old)
    const young = createMap()
    expect(native.descriptor(young)).toBe(descriptor)
    expect(young).not.toBe(old)
    expect(native.mapUpdate(old, key, value, 0)).toBe(-errno.EBADF)
    expect(native.mapLookup(young, key, value, 0)).toBe(-errno.ENOENT)
  })

  it('never comes back, however often its slot is used', () => {
    const seen = new Set<Handle>()
    // More often than a slot has generations.
    for (let round = 0; round < 5000; round++) {
      const map = createMap()
      expect(seen.has(map)).toBe(false)
      seen.add(map)
      native.close(map)
      open.length = 0
    }
    expect(Math.max(...seen)).toBeLessThan(2 ** 31)
  })
})

describe('a handle', () => {
  it('of another kind is refused', () => {
    const map = createMap()
    expect(native.linkDetach(map)).toBe(-errno.EBADF)
    expect(native.ringAvailable(map)).toBe(-errno.EBADF)
    expect(native.programInfo(map)).toEqual({ errno: errno.EBADF, log: '' })
    expect(native.objectLoadSync(map)).toEqual({ errno: errno.EBADF, log: '' })
  })

  it('that was never given out is refused', () => {
    for (const handle of [0, 1, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 53, Number.NaN]) {
      expect(native.mapLookup(handle, key, value, 0)).toBe(-errno.EBADF)
      expect(native.close(handle)).toBe(-errno.EBADF)
    }
  })

  it('has a descriptor that no program started from here inherits', () => {
    const descriptor = native.descriptor(createMap())
    expect(closeOnExec(descriptor)).toBe(true)
  })
})

describe('adopting a descriptor', () => {
  it('duplicates it', () => {
    const map = createMap()
    const same = native.adopt('map', native.descriptor(map))
    if (typeof same !== 'number') throw new Error(`not adopted: errno ${same.errno}`)
    open.push(same)
    expect(native.descriptor(same)).not.toBe(native.descriptor(map))
    expect(closeOnExec(native.descriptor(same))).toBe(true)
    native.close(map)
    expect(native.mapUpdate(same, key, value, 0)).toBe(0)
  })

  it('refuses what is of another kind, or closed', () => {
    const map = createMap()
    expect(native.adopt('program', native.descriptor(map))).toMatchObject({ errno: errno.EINVAL })
    const file = openSync('/dev/null', 'r')
    expect(native.adopt('map', file)).toMatchObject({ errno: errno.EINVAL })
    closeSync(file)
    expect(native.adopt('map', 1_000_000)).toMatchObject({ errno: errno.EBADF })
  })
})
