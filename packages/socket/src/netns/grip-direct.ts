import { type Program, UnexpectedProgramError } from '@millrace/core'
import { errno, explain, type Failure, identityOf, nativeBinding, needsToEnter } from '@millrace/core/internal'
import { duplicate } from '../duplicate.js'
import { NetnsGoneError } from '../errors/index.js'
import type { Grip } from './grip.js'
import { isGone, nativeTarget, netnsHooks, type Place, target } from './hook.js'
import { standingAt } from './standing.js'

/**
 * Holds a flow dissector without a link. Another one that is attached takes its place, whoever does so: so each change is
 * preceded by a look at who is there.
 */
export class DirectGrip implements Grip<'flow_dissector'> {
  readonly mechanism = 'direct'
  readonly link = undefined
  readonly #place: Place<'flow_dissector'>
  /** A descriptor of our own, since the caller may close the program's while it is attached. */
  #attached: Program<'flow_dissector'>

  private constructor(attached: Program<'flow_dissector'>, place: Place<'flow_dissector'>) {
    this.#attached = attached
    this.#place = place
  }

  static attach(program: Program<'flow_dissector'>, place: Place<'flow_dissector'>): DirectGrip | Failure {
    const held = duplicate(program)
    const failure = attach(held, place)
    if (failure === null) return new DirectGrip(held, place)
    held.close()
    return failure
  }

  programId(): number {
    return this.#found() === this.#attached.id ? this.#attached.id : 0
  }

  update(program: Program<'flow_dissector'>, expected = this.#attached): void {
    const found = this.#found()
    if (found !== this.#attached.id || found !== expected.id) throw this.#unexpected(expected, found)
    // The kernel takes the same one a second time for a mistake.
    if (program.id === found) return
    const held = duplicate(program)
    const failure = attach(held, this.#place)
    if (failure !== null) {
      held.close()
      throw this.#refused(`put program ${program.name} at`, failure)
    }
    this.#attached.close()
    this.#attached = held
  }

  detach(): void {
    using attached = this.#attached
    if (isGone(this.#place)) return
    const found = this.#found()
    if (found === 0) return
    if (found !== attached.id) throw this.#unexpected(attached, found)
    const failure = nativeBinding().programDetach(attached.handle, nativeTarget(this.#place), attachType)
    if (failure === null || failure.errno === errno.ENOENT) return
    throw this.#refused(`detach program ${attached.name} from`, failure)
  }

  /** A program of somebody else's stays. */
  close(): void {
    try {
      this.detach()
    } catch (error) {
      if (!(error instanceof UnexpectedProgramError)) throw error
    }
  }

  /** Id of the program that is there; 0: none. */
  #found(): number {
    return standingAt(this.#place)[0]?.programId ?? 0
  }

  #unexpected(expected: Program, found: number): UnexpectedProgramError {
    return new UnexpectedProgramError({ target: target(this.#place), expected, found: identityOf(found) })
  }

  #refused(operation: string, failure: Failure): Error {
    const { netns } = this.#place
    if (isGone(this.#place)) return new NetnsGoneError({ netns })
    const needs = [...needsToEnter(netns), ['CAP_NET_ADMIN'] as const]
    return explain({ operation: `${operation} ${target(this.#place)}`, ...failure, needs })
  }
}

const { attachType } = netnsHooks.flow_dissector

function attach(program: Program<'flow_dissector'>, place: Place): Failure | null {
  const order = { flags: 0, relativeId: 0, expectedRevision: 0n }
  return nativeBinding().programAttach(program.handle, nativeTarget(place), attachType, order, 0)
}
