import { ClosedError, InterfaceGoneError, type Program, UnexpectedProgramError } from '@millrace/core'
import { errno, identityOf, type NativeFilter, nativeBinding } from '@millrace/core/internal'
import { type TcHook, target } from '../hook.js'
import type { Mark } from '../mark.js'
import type { Entry, Grip } from '../mechanism.js'
import { isSamePlace } from './filter.js'
import { filtersOf, parentOf, refused } from './hook-state.js'
import { labelOf, labelText } from './label.js'
import { locked } from './lock.js'
import type { FilterPlace } from './priority.js'
import { ownersOf, removeQdiscIfUnused, removeQdiscWithLast } from './qdisc.js'

/** What a {@link FilterGrip} is made of. */
export interface FilterGripFields {
  readonly hook: TcHook
  readonly place: FilterPlace
  /** of the program that is there now */
  readonly programId: number
  /** whether it is there by this grip's doing */
  readonly own: boolean
  /** what the filter is to be named after the next exchange; undefined: as before */
  readonly mark: Mark | undefined
}

/**
 * Holds a program by a filter. A filter has no owner: each change names the program that it expects to be there. Netlink cannot be
 * told that, so it is looked up first, under a lock that other users of Millrace respect; what other tools do in the same instant
 * is not noticed.
 */
export class FilterGrip implements Grip {
  readonly mechanism = 'clsact'
  readonly link = undefined
  readonly #hook: TcHook
  readonly #place: FilterPlace
  readonly #mark: Mark | undefined
  #programId: number
  #own: boolean

  constructor({ hook, place, programId, own, mark }: FilterGripFields) {
    this.#hook = hook
    this.#place = place
    this.#programId = programId
    this.#own = own
    this.#mark = mark
  }

  update(program: Program<'sched_cls'>, expected: Program<'sched_cls'> | undefined): void {
    this.#locked(() => {
      const found = this.#find()
      const expectedId = expected?.id ?? this.#programId
      if (found?.programId !== expectedId) throw this.#unexpected(expectedId, found)
      this.#exchange(program, found)
    })
    this.#programId = program.id
    this.#own = true
  }

  detach(): void {
    try {
      this.#locked(() => {
        const found = this.#find()
        if (found === undefined) return
        if (found.programId !== this.#programId) throw this.#unexpected(this.#programId, found)
        this.#remove(found)
      })
    } catch (error) {
      // The filter went with it.
      if (!(error instanceof InterfaceGoneError)) throw error
    }
  }

  close(): void {
    if (!this.#own) return
    try {
      this.detach()
    } catch (error) {
      if (!(error instanceof UnexpectedProgramError)) throw error
    }
  }

  holds({ mechanism, filter }: Entry): boolean {
    return mechanism === 'clsact' && filter !== undefined && this.#isHere(filter)
  }

  #exchange(program: Program<'sched_cls'>, found: NativeFilter): void {
    const { index, netns } = this.#hook.interface
    const filter = { ...this.#place, name: this.#nameInstead(found), replace: true }
    const failure = nativeBinding().filterSet(program.handle, index, parentOf(this.#hook), filter, netns)
    if (failure === null) return
    if (failure.errno === errno.EBADF) throw new ClosedError({ what: 'program', name: program.name })
    const now = this.#find()
    if (now?.programId !== found.programId) throw this.#unexpected(found.programId, now)
    throw refused(this.#hook.interface, `put program ${program.name} on ${target(this.#hook)}`, failure)
  }

  /** Who replaces a filter becomes its owner; but one that is adopted by its name keeps that. */
  #nameInstead({ name }: NativeFilter): string {
    const label = labelOf(name)
    if (this.#mark === undefined || label?.mark.pinRoot !== undefined) return name
    return labelText({ mark: this.#mark, ownsQdisc: ownersOf(this.#hook.interface).length > 0 })
  }

  #remove(found: NativeFilter): void {
    const iface = this.#hook.interface
    const ownsQdisc = labelOf(found.name)?.ownsQdisc
    // Not one after the other: whoever is killed in between leaves a qdisc of which nobody knows whose it is.
    if (ownsQdisc && removeQdiscWithLast(this.#hook, found)) return
    const { priority, handle } = this.#place
    const failure = nativeBinding().filterDelete(iface.index, parentOf(this.#hook), priority, handle, iface.netns)
    // Somebody else may have removed it meanwhile, or put another one in its place.
    if (failure !== null && this.#find()?.programId === found.programId) {
      throw refused(iface, `detach filter ${found.name} from ${target(this.#hook)}`, failure)
    }
    // The others that stood there may be gone by now.
    if (ownsQdisc) removeQdiscIfUnused(iface)
  }

  #find(): NativeFilter | undefined {
    return filtersOf(this.#hook).find((it) => this.#isHere(it))
  }

  #isHere(filter: Pick<NativeFilter, 'priority' | 'handle' | 'chain' | 'kind'>): boolean {
    return isSamePlace(filter, { ...this.#place, chain: 0, kind: 'bpf' })
  }

  #unexpected(expectedId: number, found: NativeFilter | undefined): UnexpectedProgramError {
    return new UnexpectedProgramError({
      target: target(this.#hook),
      expected: identityOf(expectedId) ?? { id: expectedId, name: '' },
      found: found && identityOf(found.programId),
    })
  }

  #locked(work: () => void): void {
    locked(this.#hook.interface.netns, work)
  }
}
