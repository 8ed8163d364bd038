import { AnchorGoneError, ArgumentError } from '@millrace/core'
import { entryText } from '../entry-text.js'
import { type TcHook, target } from '../hook.js'
import type { Mark } from '../mark.js'
import type { Entry, Grip, Mechanism, Placement, Standing, Unavailable } from '../mechanism.js'
import { attachFilter } from './attach-filter.js'
import { entryOf, isSamePlace, notExchangeable } from './filter.js'
import { FilterGrip } from './filter-grip.js'
import { filtersOf } from './hook-state.js'
import { locked } from './lock.js'
import { revisionOf } from './revision.js'

/**
 * Direct-action filters of the clsact qdisc, which every kernel from 4.5 on has. They run in the order of their priorities; a program
 * that returns TC_ACT_UNSPEC (-1, what TCX calls NEXT) lets the next one decide.
 */
export const clsact: Mechanism<TcHook> = {
  name: 'clsact',

  list(hook: TcHook): Standing {
    const filters = filtersOf(hook)
    return { entries: filters.map(entryOf), revision: revisionOf(filters) }
  },

  attach(hook: TcHook, placement: Placement): Grip | Unavailable {
    return locked(hook.interface.netns, () => attachFilter(hook, placement))
  },

  grip(hook: TcHook, entry: Entry, mark?: Mark): Grip {
    const wanted = entry.filter
    const found = filtersOf(hook).find((it) => wanted !== undefined && isSamePlace(it, wanted))
    if (found === undefined || found.programId !== entry.programId) {
      throw new AnchorGoneError({ target: target(hook), anchor: entryText(entry) })
    }
    const reason = notExchangeable(found)
    if (reason !== undefined) {
      const expected = `a direct-action bpf filter, whose program can be exchanged: ${reason}`
      throw new ArgumentError({ argument: 'options.order.replace', value: entryText(entry), expected })
    }
    return new FilterGrip({ hook, place: found, programId: found.programId, own: false, mark })
  },
}
