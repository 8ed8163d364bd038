import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { must } from '../test/support/native.js'

const native = nativeBinding()
const socketStorage = 24
const noPreallocation = 1
const server: Server = createServer()
let descriptor = -1

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  descriptor = (server as unknown as { _handle: { fd: number } })._handle.fd
})

afterAll(() => {
  server.close()
})

describe('local storage', () => {
  it.each([1, 3, 8, 13, 1024, 4096])('is made with types, values of %d bytes, and holds them', (size) => {
    const map = must(native.mapCreate(socketStorage, 'storage', 4, size, 0, noPreallocation))
    expect(must(native.mapInfo(map)).btfId).toBeGreaterThan(0)
    // Whatever they are in the caller's eyes: the kernel knows how long they are, and no more.
    expect(native.mapLayout(map)).toEqual({ key: ['size 4', '* i32 @0'], value: null })
    const key = new Uint8Array(new Int32Array([descriptor]).buffer)
    const written = Uint8Array.from({ length: size }, (_, index) => index + 1)
    expect(native.mapUpdate(map, key, written, 0)).toBe(0)
    const read = new Uint8Array(size + 8).fill(255)
    expect(native.mapLookup(map, key, read, 0)).toBe(0)
    expect(read).toEqual(Uint8Array.of(...written, 255, 255, 255, 255, 255, 255, 255, 255))
    expect(native.mapLookup(map, key, new Uint8Array(size - 1), 0)).toBe(-errno.EINVAL)
    expect(native.mapUpdate(map, key, new Uint8Array(size - 1), 0)).toBe(-errno.EINVAL)
    expect(native.mapDelete(map, key)).toBe(0)
    expect(native.mapLookup(map, key, read, 0)).toBe(-errno.ENOENT)
    native.close(map)
  })

  it.each([0, 0x7fff_ffff, 0xffff_ffff])('is refused with values of %d bytes', (size) => {
    expect(native.mapCreate(socketStorage, 'storage', 4, size, 0, noPreallocation)).toMatchObject({
      errno: expect.any(Number),
    })
  })
})

describe('the group of a socket', () => {
  it('is none without SO_REUSEPORT', () => {
    expect(native.socketReuseport(0, descriptor)).toBe(-errno.EINVAL)
    expect(native.socketReuseport(0, -1)).toBe(-errno.EBADF)
    const map = must(native.mapCreate(2, 'no_program', 4, 4, 1, 0))
    expect(native.socketReuseport(map, descriptor)).toBe(-errno.EBADF)
    native.close(map)
  })
})
