import { clsact } from './clsact/index.js'
import { type NetkitHook, type TcHook, target } from './hook.js'
import { netkit } from './list/netkit.js'
import { tcx } from './list/tcx.js'
import type { Mark } from './mark.js'
import type { Entry, Grip, Mechanism, Placement, Standing, TcMechanism, Unavailable } from './mechanism.js'
import { readPins } from './pins.js'

/** One mechanism on one hook. */
export interface Place {
  readonly mechanism: TcMechanism
  list(): Standing | Unavailable
  attach(placement: Placement): Grip | Unavailable
  grip(entry: Entry, mark?: Mark): Grip
}

/** A hook, and every way in which it runs programs. */
export interface Site {
  readonly hook: TcHook | NetkitHook
  /** as errors name it */
  readonly target: string
  /** in the order in which the kernel runs them, which is also the better first: a packet that passed TCX goes on to clsact */
  readonly places: readonly Place[]
}

/** Links are named by their pins below `pinRoot`. */
export function tcSite(hook: TcHook, pinRoot: string): Site {
  const list = placeOf(tcx, hook)
  const named: Place = { ...list, list: () => withMarks(list.list(), pinRoot) }
  return { hook, target: target(hook), places: [named, placeOf(clsact, hook)] }
}

export function netkitSite(hook: NetkitHook): Site {
  return { hook, target: target(hook), places: [placeOf(netkit, hook)] }
}

/** All that stands there, in the order in which it runs. */
export function entriesOn({ places }: Site): Entry[] {
  return places.flatMap((place) => {
    const found = place.list()
    return 'entries' in found ? found.entries : []
  })
}

/** Where an entry stands. */
export function placeWith({ places }: Site, entry: Entry): Place {
  // An entry comes from the list of one of them.
  return places.find(({ mechanism }) => mechanism === entry.mechanism) as Place
}

function placeOf<H>(mechanism: Mechanism<H>, hook: H): Place {
  return {
    mechanism: mechanism.name,
    list: () => mechanism.list(hook),
    attach: (placement) => mechanism.attach(hook, placement),
    grip: (entry, mark) => mechanism.grip(hook, entry, mark),
  }
}

function withMarks(standing: Standing | Unavailable, pinRoot: string): Standing | Unavailable {
  if (!('entries' in standing) || standing.entries.every(({ linkId }) => linkId === 0)) return standing
  const pins = new Map(readPins(pinRoot).map((pin) => [pin.linkId, pin]))
  const entries = standing.entries.map((entry) => {
    const pin = pins.get(entry.linkId)
    return pin === undefined ? entry : { ...entry, mark: { name: pin.name, pinRoot }, pinPath: pin.path }
  })
  return { ...standing, entries }
}
