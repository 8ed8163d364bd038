import { mkdirSync, readdirSync, rmdirSync } from 'node:fs'
import { ArgumentError, PinError } from '@millrace/core'
import { errno, explain, type Handle, nativeBinding } from '@millrace/core/internal'
import { type Place, recordsFolder } from './place.js'

/**
 * What Millrace notes of its programs and dispatchers beside libxdp's pins: each note is an empty folder on the bpf filesystem,
 * and all that it says is in its name. The owner of a slot holds a lock on its note, which the kernel gives back however the
 * owner ends. So whoever comes next can tell, from another container as well, which programs nobody answers for any more.
 */

/** The note of a slot. */
export interface SlotRecord {
  readonly ifindex: number
  readonly programId: number
  /** undefined: the slot ends with its owner */
  readonly name: string | undefined
  readonly path: string
}

/** The note of a dispatcher that Millrace has made, or is about to take away. */
export interface SetRecord {
  readonly dispatcherId: number
  readonly path: string
}

/** A note of one's own, locked until it is let go. */
export interface OwnRecord {
  readonly path: string
  readonly lock: Handle
}

export function checkSlotName(argument: string, value: unknown): string {
  if (typeof value === 'string' && /^[\w-]{1,100}$/.test(value)) return value
  const expected = 'up to 100 letters, digits, _ and -: it becomes a part of the name of a folder on the bpf filesystem'
  throw new ArgumentError({ argument, value, expected })
}

/** The notes of all slots in the namespace. */
export function slotRecords(place: Place): SlotRecord[] {
  return namesIn(place).flatMap((file) => {
    const [, netns, ifindex, id, name] = /^slot-(\d+)-(\d+)-(\d+)(?:-(.+))?$/.exec(file) ?? []
    if (Number(netns) !== place.netns) return []
    return [{ ifindex: Number(ifindex), programId: Number(id), name, path: pathOf(place, file) }]
  })
}

/** Makes the note of a slot, and locks it. */
export function ownSlot(place: Place, programId: number, name: string | undefined): OwnRecord {
  const { iface, netns } = place
  const path = pathOf(place, `slot-${netns}-${iface.index}-${programId}${name === undefined ? '' : `-${name}`}`)
  make(path)
  const lock = lockRecord(path)
  if (lock !== undefined) return { path, lock }
  throw new PinError({ path, reason: 'another process has taken it' })
}

/** Locks a note whose owner has ended; undefined: its owner lives, or has just removed it. */
export function lockRecord(path: string): Handle | undefined {
  const handle = nativeBinding().lock(path, false)
  if (typeof handle === 'number') return handle
  if (handle.errno === errno.EAGAIN || handle.errno === errno.ENOENT) return undefined
  throw explain({ operation: `lock ${path}`, errno: handle.errno })
}

/** Lets go of a note, which stays unless it is to be removed. */
export function letGo({ path, lock }: OwnRecord, how: 'keep' | 'remove'): void {
  if (how === 'remove') removeRecord(path)
  nativeBinding().close(lock)
}

/** Notes of dispatchers of an interface, be it gone or not. */
export function setRecords(place: Place, ofInterface: number): SetRecord[] {
  return namesIn(place).flatMap((file) => {
    const [, netns, ifindex, id] = /^set-(\d+)-(\d+)-(\d+)$/.exec(file) ?? []
    if (Number(netns) !== place.netns || Number(ifindex) !== ofInterface) return []
    return [{ dispatcherId: Number(id), path: pathOf(place, file) }]
  })
}

/** Notes that a dispatcher is Millrace's to take away once the interface has another. */
export function recordSet(place: Place, dispatcherId: number): SetRecord {
  const path = pathOf(place, `set-${place.netns}-${place.iface.index}-${dispatcherId}`)
  make(path)
  return { dispatcherId, path }
}

/** Twice is harmless. */
export function removeRecord(path: string): void {
  try {
    rmdirSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function namesIn(place: Place): string[] {
  try {
    return readdirSync(recordsFolder(place))
  } catch (error) {
    // It comes with the first note.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function pathOf(place: Place, name: string): string {
  return `${recordsFolder(place)}/${name}`
}

function make(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    throw new PinError({ path, reason: `the folder cannot be made: ${(error as Error).message}` })
  }
}
