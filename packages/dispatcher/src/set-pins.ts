import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { Link, PinError, Program } from '@millrace/core'
import { type Place, setsFolder, target } from './place.js'

/**
 * The pins of a dispatcher, which keep its programs in their slots: a folder with a link and a program for each slot, by the names
 * that libxdp gives them.
 */
export function setFolder(place: Place, dispatcherId: number, ifindex = place.iface.index): string {
  return `${setsFolder(place)}/dispatch-${ifindex}-${dispatcherId}`
}

/** Pins what runs in each slot; with an error nothing stays pinned. */
export function pinSet(place: Place, dispatcherId: number, slots: readonly { link: Link; program: Program }[]): void {
  const folder = setFolder(place, dispatcherId)
  try {
    mkdirSync(folder, { mode: 0o700 })
    for (const [slot, { link, program }] of slots.entries()) {
      link.pin(linkPin(folder, slot))
      // Not by the program itself, which remembers the pin that it was given last.
      using pinned = Program.openById(program.id)
      pinned.pin(programPin(folder, slot))
    }
  } catch (error) {
    removeSet(place, dispatcherId)
    throw error
  }
}

/** Opens the programs of an attached dispatcher by slot; undefined: somebody has taken that one's pins away, and it with them. */
export function openSet(place: Place, dispatcherId: number, slots: number): (Program | undefined)[] {
  const folder = setFolder(place, dispatcherId)
  if (!existsSync(folder)) {
    const reason =
      `the dispatcher of ${target(place)} (id ${dispatcherId}) has no pins there, so its programs cannot be taken over: ` +
      'it was made with another bpf filesystem (set options.bpffs or LIBXDP_BPFFS), or by a tool that does not share its programs'
    throw new PinError({ path: folder, reason })
  }
  const opened: (Program | undefined)[] = []
  try {
    for (let slot = 0; slot < slots; slot++) opened.push(openSlot(folder, slot))
    return opened
  } catch (error) {
    for (const program of opened) program?.close()
    throw error
  }
}

/** Lets a dispatcher that is on no interface fall apart. Twice is harmless. */
export function removeSet(place: Place, dispatcherId: number): void {
  const folder = setFolder(place, dispatcherId)
  for (const name of namesIn(folder)) rmSync(`${folder}/${name}`, { force: true })
  removeFolder(folder)
}

/** Takes one program out of all dispatchers of an interface. */
export function removeFromSets(place: Place, ifindex: number, programId: number): void {
  const prefix = `dispatch-${ifindex}-`
  for (const name of namesIn(setsFolder(place)).filter((it) => it.startsWith(prefix))) {
    const folder = `${setsFolder(place)}/${name}`
    for (const pin of namesIn(folder)) {
      const slot = /^prog(\d+)-prog$/.exec(pin)?.[1]
      if (slot === undefined || programOf(`${folder}/${pin}`) !== programId) continue
      rmSync(linkPin(folder, slot), { force: true })
      rmSync(programPin(folder, slot), { force: true })
    }
    if (namesIn(folder).length === 0) removeFolder(folder)
  }
}

function openSlot(folder: string, slot: number): Program | undefined {
  const path = programPin(folder, slot)
  if (existsSync(path)) return Program.open(path)
  if (!existsSync(linkPin(folder, slot))) return undefined
  using link = Link.open(linkPin(folder, slot))
  return Program.openById(link.info().programId)
}

function programOf(path: string): number | undefined {
  try {
    using program = Program.open(path)
    return program.id
  } catch (error) {
    // Somebody else has taken it away meanwhile.
    if (error instanceof PinError) return undefined
    throw error
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (error) {
    // Somebody else was faster, or keeps something of his own there.
    if (!['ENOENT', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

function linkPin(folder: string, slot: number | string): string {
  return `${folder}/prog${slot}-link`
}

function programPin(folder: string, slot: number | string): string {
  return `${folder}/prog${slot}-prog`
}
