import { nativeBinding } from './binding.js'
import { checkInteger, checkString } from './check.js'
import { errno } from './errno.js'
import { ArgumentError } from './errors/index.js'
import { explain } from './explain.js'
import { needsToEnter, resolveNetns, unknownNetns } from './netns.js'
import { suggest } from './suggest.js'

/** A network interface that exists, or did when it was looked up. */
export interface Interface {
  readonly name: string
  readonly index: number
  /** path of its namespace; '' for this process's own */
  readonly netns: string
}

/** Finds an interface by name or index. */
export function resolveInterface(value: string | number, netns: string | undefined): Interface {
  const path = resolveNetns(netns)
  return typeof value === 'number' ? byIndex(value, path) : byName(checkString('iface', value), path)
}

/** Whether the interface still is there, and its namespace. */
export function interfaceExists({ index, netns }: Interface): boolean {
  return typeof nativeBinding().interfaceName(index, netns) === 'string'
}

/** All of a namespace, by its file; '' is this process's own. */
export function listInterfaces(netns: string): Interface[] {
  const found = nativeBinding().interfaceList(netns)
  if (!('errno' in found)) return found.map((it) => ({ ...it, netns }))
  throw explain({ operation: 'list the interfaces', errno: found.errno, log: found.log, needs: needsToEnter(netns) })
}

function byIndex(value: number, netns: string): Interface {
  const index = checkInteger('iface', value, 1, 0x7fffffff)
  const name = nativeBinding().interfaceName(index, netns)
  if (typeof name === 'string') return { name, index, netns }
  throw unknown(value, name.errno, netns)
}

function byName(name: string, netns: string): Interface {
  const index = nativeBinding().interfaceIndex(name, netns)
  if (index > 0) return { name, index, netns }
  throw unknown(name, -index, netns)
}

function unknown(value: string | number, code: number, netns: string): Error {
  const where = netns === '' ? '' : ` in ${netns}`
  // The kernel's word for a file that is there and stands for something else.
  if (code === errno.EINVAL && netns !== '') return unknownNetns(netns)
  if (code !== errno.ENODEV && code !== errno.ENXIO) {
    return explain({ operation: `look up the interface ${value}${where}`, errno: code, needs: needsToEnter(netns) })
  }
  const names = interfaceNames(netns)
  return new ArgumentError({
    argument: 'iface',
    value,
    expected: `an interface that exists${where}: ${names.join(', ')}`,
    suggestion: typeof value === 'string' ? suggest(value, names) : undefined,
  })
}

function interfaceNames(netns: string): string[] {
  const found = nativeBinding().interfaceList(netns)
  return 'errno' in found ? [] : found.map(({ name }) => name)
}
