import { existsSync } from 'node:fs'
import { interfaceExists } from '@millrace/core/internal'
import type { Place } from './place.js'
import { letGo, lockRecord, type OwnRecord, removeRecord, type SlotRecord, setRecords, slotRecords } from './records.js'
import { removeFromSets, setFolder } from './set-pins.js'

/** Slots whose owners have ended, locked so that nobody else takes them meanwhile. */
export interface Abandoned extends Disposable {
  /** Whether it is a program that is to go. */
  has(programId: number): boolean
  /** Removes what was noted of them: they are gone. */
  forget(): void
}

/** Finds those slots of the interface, among the ones that may go, that nobody answers for any more. */
export function findAbandoned(place: Place, mayGo: (record: SlotRecord) => boolean): Abandoned {
  const taken = new Map<number, OwnRecord>()
  try {
    for (const record of slotRecords(place)) {
      if (record.ifindex !== place.iface.index || !mayGo(record)) continue
      const lock = lockRecord(record.path)
      if (lock !== undefined) taken.set(record.programId, { path: record.path, lock })
    }
  } catch (error) {
    letGoOfAll(taken, 'keep')
    throw error
  }
  return {
    has: (programId) => taken.has(programId),
    forget: () => letGoOfAll(taken, 'remove'),
    [Symbol.dispose]: () => letGoOfAll(taken, 'keep'),
  }
}

/** Takes programs away whose interface is gone and whose owners have ended. */
export function reapVanished(place: Place, takesOver: (name: string) => boolean = () => false): void {
  for (const { ifindex, programId, name, path } of slotRecords(place)) {
    if (name !== undefined && !takesOver(name)) continue
    if (interfaceExists({ ...place.iface, index: ifindex })) continue
    const lock = lockRecord(path)
    if (lock === undefined) continue
    takeOutOfVanished(place, ifindex, programId)
    letGo({ path, lock }, 'remove')
  }
}

/**
 * Takes one program out of the dispatchers of an interface that is gone. Not all that is left of them: the interface may have been moved
 * to another namespace, where the others run on.
 */
export function takeOutOfVanished(place: Place, ifindex: number, programId: number): void {
  removeFromSets(place, ifindex, programId)
  for (const { dispatcherId, path } of setRecords(place, ifindex)) {
    if (!existsSync(setFolder(place, dispatcherId, ifindex))) removeRecord(path)
  }
}

function letGoOfAll(taken: Map<number, OwnRecord>, how: 'keep' | 'remove'): void {
  for (const record of taken.values()) letGo(record, how)
  taken.clear()
}
