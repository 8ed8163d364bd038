import { readlinkSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nativeBinding } from '../src/binding.js'
import { errno } from '../src/errno.js'
import { useNamespace } from '../test/support/namespace.js'

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
