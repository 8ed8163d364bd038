import { KernelError, Program, UnexpectedProgramError } from '@millrace/core'
import { errno, explain, type Failure, identityOf, nativeBinding, needsToEnter } from '@millrace/core/internal'
import type { Entry, Grip, TcMechanism } from '../mechanism.js'
import type { ListHook } from './list-hook.js'
import { interfaceGone, twice } from './refused.js'

/** BPF_F_REPLACE */
const REPLACE = 1 << 2

/**
 * Holds the place of a program that somebody has put into the list without a link, as `bpftool net attach` does. There is no way
 * to get a link into it; it stays until somebody removes it.
 */
export class LinklessGrip implements Grip {
  readonly link = undefined
  readonly #hook: ListHook
  #programId: number
  /** whether the program there is one that this grip has put there */
  #own = false

  constructor(programId: number, hook: ListHook) {
    this.#programId = programId
    this.#hook = hook
  }

  get mechanism(): TcMechanism {
    return this.#hook.mechanism
  }

  update(program: Program<'sched_cls'>, expected: Program<'sched_cls'> | undefined): void {
    if (expected !== undefined && expected.id !== this.#programId) throw this.#unexpected(expected)
    // The kernel counts the exchange of a program for itself as a change, and refuses it.
    if (program.id === this.#programId && this.#stands()) return
    using old = this.#open()
    const order = { flags: REPLACE, relativeId: 0, expectedRevision: 0n }
    const { attachType } = this.#hook
    const failure = nativeBinding().programAttach(program.handle, this.#target(), attachType, order, old.handle)
    if (failure !== null) throw this.#refused(program, old, failure)
    this.#programId = program.id
    this.#own = true
  }

  detach(): void {
    if (interfaceGone(this.#hook) !== undefined) return
    if (!this.#stands()) throw this.#unexpected({ id: this.#programId, name: '' })
    using old = this.#open()
    const failure = nativeBinding().programDetach(old.handle, this.#target(), this.#hook.attachType)
    if (failure === null || failure.errno === errno.ENOENT) return
    if (interfaceGone(this.#hook) !== undefined) return
    throw explain({
      operation: `detach program ${old.name} from ${this.#hook.target}`,
      errno: failure.errno,
      needs: [...needsToEnter(this.#hook.interface.netns), ['CAP_NET_ADMIN']],
    })
  }

  close(): void {
    if (!this.#own || interfaceGone(this.#hook) !== undefined || !this.#stands()) return
    this.detach()
  }

  holds(entry: Entry): boolean {
    return entry.linkId === 0 && entry.mechanism === this.mechanism && entry.programId === this.#programId
  }

  #target() {
    const { index, netns } = this.#hook.interface
    return { ifindex: index, netns }
  }

  #stands(): boolean {
    return this.#hook.list().entries.some((entry) => this.holds(entry))
  }

  #open(): Program<'sched_cls'> {
    try {
      return Program.openById(this.#programId).as('sched_cls')
    } catch (error) {
      if (!(error instanceof KernelError) || error.errno !== errno.ENOENT) throw error
      throw this.#unexpected({ id: this.#programId, name: '' })
    }
  }

  /** Of a list, what stands in the place of a program that is gone cannot be told. */
  #unexpected(expected: { readonly id: number; readonly name: string }): Error {
    const found = this.#stands() ? identityOf(this.#programId) : undefined
    return new UnexpectedProgramError({ target: this.#hook.target, expected, found })
  }

  #refused(program: Program<'sched_cls'>, old: Program<'sched_cls'>, failure: Failure): Error {
    const gone = interfaceGone(this.#hook)
    if (gone !== undefined) return gone
    if (failure.errno === errno.ENOENT) return this.#unexpected(old)
    if (failure.errno === errno.EEXIST) return twice(this.#hook, program)
    return explain({
      operation: `put program ${program.name} on ${this.#hook.target}`,
      errno: failure.errno,
      needs: [...needsToEnter(this.#hook.interface.netns), ['CAP_NET_ADMIN']],
      log: failure.log,
    })
  }
}
