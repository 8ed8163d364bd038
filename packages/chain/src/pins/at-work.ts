import { type Link, PinError, type Program } from '@millrace/core'
import type { Interface } from '@millrace/core/internal'
import { type Place, programsOn } from '../hooks/kinds.js'
import type { ChainFolder } from './chain-folder.js'
import type { InstanceFolder } from './instance-folder.js'

/** A pinned chain that is on its hook. */
export interface AtWork extends Disposable {
  /** id of the first program */
  readonly head: number
  /** undefined: the hook itself keeps the program */
  readonly link: Link | undefined
}

/**
 * Whether a chain of these pins is on a hook: on the one that its link says, or, where there is none, on the one asked for.
 * Undefined: it is not; it was detached, its interface is gone, or it never got there.
 *
 * @param iface - undefined: it does not exist
 */
export function atWork(folder: ChainFolder, place: Place, iface: Interface | undefined): AtWork | undefined {
  const link = folder.openLink()
  if (link !== undefined) {
    const { programId, ifindex = 0 } = link.info()
    if (ifindex !== 0) return { head: programId, link, [Symbol.dispose]: () => link.close() }
    link.close()
    return undefined
  }
  if (iface === undefined) return undefined
  const own = new Set([...programIds(folder).keys()])
  const head = programsOn(place, iface).find((id) => own.has(id))
  return head === undefined ? undefined : { head, link: undefined, [Symbol.dispose]: () => {} }
}

/** The programs of a chain by their ids: those of instances with their folders, and the end, with none. */
export function programIds(folder: ChainFolder): Map<number, InstanceFolder | undefined> {
  const ids = new Map<number, InstanceFolder | undefined>()
  const add = (program: Program | undefined, instance: InstanceFolder | undefined) => {
    if (program === undefined) return
    using opened = program
    ids.set(opened.id, instance)
  }
  add(folder.openEnd()?.end, undefined)
  for (const instance of folder.instances()) add(unlessUnfinished(instance), instance)
  return ids
}

function unlessUnfinished(instance: InstanceFolder): Program | undefined {
  try {
    return instance.openProgram()
  } catch (error) {
    if (error instanceof PinError) return undefined
    throw error
  }
}
