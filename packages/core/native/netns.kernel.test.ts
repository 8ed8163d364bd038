import { readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { useNamespace } from '../test/support/namespace.js'
import { must } from '../test/support/native.js'

const native = nativeBinding()
const namespace = useNamespace()

describe('an operation in another network namespace', () => {
  it('sees the interfaces there', () => {
    expect(native.interfaceIndex('lo', namespace.path)).toBe(1)
    expect(native.interfaceName(1, namespace.path)).toBe('lo')
    // The namespace has no other.
    expect(native.interfaceName(2, namespace.path)).toEqual({ errno: errno.ENXIO, log: '' })
    expect(native.interfaceIndex('nowhere', namespace.path)).toBe(-errno.ENODEV)
    expect(native.interfaceList(namespace.path)).toEqual([{ index: 1, name: 'lo' }])
    expect(native.xdpQuery(1, namespace.path)).toMatchObject({ attached: 0 })
  })

  it('writes an entry whose value is measured as everywhere', () => {
    const devmap = must(native.mapCreate(14, 'ports', 4, 8, 2, 0))
    const key = new Uint8Array(4)
    const value = new Uint8Array([1, 0, 0, 0, 255, 255, 255, 255])
    const update = (path: string) => native.mapUpdateInNetns(devmap, key, value, 0, path)
    expect(update(namespace.path)).toBe(0)
    expect(update('')).toBe(0)
    expect(update('/proc/nowhere')).toBe(-errno.ENOENT)
    expect(native.mapUpdateInNetns(devmap, new Uint8Array(3), value, 0, namespace.path)).toBe(-errno.EINVAL)
    expect(native.mapUpdateInNetns(devmap, key, new Uint8Array(7), 0, namespace.path)).toBe(-errno.EINVAL)
    expect(() => native.mapUpdateInNetns(devmap, null as never, value, 0, namespace.path)).toThrow(TypeError)
    native.close(devmap)
    expect(update(namespace.path)).toBe(-errno.EBADF)
  })

  it('leaves the caller in its own', () => {
    const before = readlinkSync('/proc/thread-self/ns/net')
    expect(readlinkSync(namespace.path)).not.toBe(before)
    native.xdpQuery(1, namespace.path)
    native.interfaceIndex('lo', namespace.path)
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(before)
  })

  it('fails where the path is none, or of another kind', () => {
    expect(native.interfaceIndex('lo', '/proc/nowhere')).toBe(-errno.ENOENT)
    expect(native.interfaceList('/proc/nowhere')).toEqual({ errno: errno.ENOENT, log: '' })
    expect(native.xdpQuery(1, '/proc/nowhere')).toEqual({ errno: errno.ENOENT, log: '' })
    expect(native.interfaceIndex('lo', '/proc/self/ns/mnt')).toBe(-errno.EINVAL)
    expect(native.interfaceIndex('lo', '/dev/null')).toBe(-errno.EINVAL)
  })
})
