import { statSync } from 'node:fs'
import { ArgumentError } from '@millrace/core'
import { type Interface, nativeBinding, resolveNetns } from '@millrace/core/internal'
import { type Place, programsOn } from '../hooks/kinds.js'
import { programIds } from './at-work.js'
import type { ChainFolder, NotedPlace } from './chain-folder.js'

export function noteOf(place: Place, { index, netns }: Interface): NotedPlace {
  return { netns: inodeOf(netns) ?? 0, ifindex: index, hook: hookOf(place) }
}

/**
 * The hook on which the chain is, when that is not the one asked for, in the same network namespace: `tc ingress of eth0`. Undefined: it is on none,
 * or on none that can be looked at.
 *
 * @param iface - undefined: it does not exist
 */
export function elsewhere(folder: ChainFolder, asked: Place, iface: Interface | undefined): string | undefined {
  const noted = folder.notedPlace()
  const netns = iface?.netns ?? netnsOf(asked)
  if (noted === undefined || netns === undefined || inodeOf(netns) !== noted.netns) return undefined
  if (iface?.index === noted.ifindex && hookOf(asked) === noted.hook) return undefined
  const name = nativeBinding().interfaceName(noted.ifindex, netns)
  if (typeof name !== 'string') return undefined
  const own = programIds(folder)
  const there = programsOn(placeOf(noted.hook, name), { name, index: noted.ifindex, netns })
  if (!there.some((id) => own.has(id))) return undefined
  return noted.hook === 'xdp' ? `XDP of ${name}` : `tc ${noted.hook} of ${name}`
}

const hookOf = (place: Place) => (place.hook === 'tc' ? place.direction : place.hook)

function placeOf(hook: string, name: string): Place {
  if (hook === 'xdp') return { hook, interface: name }
  return { hook: 'tc', interface: name, direction: hook === 'egress' ? 'egress' : 'ingress' }
}

/** Undefined: it has gone this moment. */
function inodeOf(netns: string): number | undefined {
  return statSync(netns === '' ? '/proc/thread-self/ns/net' : netns, { throwIfNoEntry: false })?.ino
}

/** Undefined: there is no such namespace. */
function netnsOf({ netns }: Place): string | undefined {
  try {
    return resolveNetns(netns)
  } catch (error) {
    if (error instanceof ArgumentError) return undefined
    throw error
  }
}
