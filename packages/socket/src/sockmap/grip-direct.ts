import { ClosedError, Program, UnexpectedProgramError } from '@millrace/core'
import { errno, explain, type Failure, identityOf, nativeBinding } from '@millrace/core/internal'
import type { Grip } from './grip.js'
import type { SockMapProgram } from './hooks.js'
import { attachTypeOf, type Place, target } from './place.js'
import { refused, standingAt } from './standing.js'

/**
 * Holds a program without a link, as a property of the map. The kernel puts a program in the place of whichever is there, so it
 * is looked at before; where that cannot be done (before Linux 5.18), it is believed to be ours.
 */
export class DirectGrip implements Grip {
  readonly mechanism = 'direct'
  readonly link = undefined
  readonly #place: Place
  /** A descriptor of our own, since the caller may close the program's while it is attached. */
  #attached: SockMapProgram

  private constructor(attached: SockMapProgram, place: Place) {
    this.#attached = attached
    this.#place = place
  }

  static attach(program: SockMapProgram, place: Place): DirectGrip | Failure {
    const held = duplicate(program)
    const failure = attach(held, place)
    if (failure === null) return new DirectGrip(held, place)
    held.close()
    return failure
  }

  update(program: SockMapProgram, expected: SockMapProgram = this.#attached): void {
    const standing = standingAt(this.#place) ?? this.#attached.id
    if (standing !== this.#attached.id || standing !== expected.id) throw this.#unexpected(expected, standing)
    const held = duplicate(program)
    const failure = attach(held, this.#place)
    if (failure !== null) {
      held.close()
      throw refused(`put program ${program.name} at ${target(this.#place)}`, this.#place, failure.errno, failure.log)
    }
    this.#attached.close()
    this.#attached = held
  }

  detach(): void {
    using attached = this.#attached
    const { map } = this.#place
    const failure = nativeBinding().programDetach(attached.handle, { map: map.handle }, attachTypeOf(this.#place))
    if (failure === null) return
    // ENOENT: none, or another program; EBUSY: a link's.
    if (failure.errno === errno.ENOENT || failure.errno === errno.EBUSY) {
      const standing = standingAt(this.#place)
      if (standing === 0) return
      throw this.#unexpected(attached, standing ?? 0)
    }
    const operation = `detach program ${attached.name} from ${target(this.#place)}`
    throw explain({ operation, errno: failure.errno, log: failure.log, needs: [['CAP_NET_ADMIN']] })
  }

  /** A program of somebody else's stays. */
  close(): void {
    try {
      this.detach()
    } catch (error) {
      if (!(error instanceof UnexpectedProgramError)) throw error
    }
  }

  #unexpected(expected: SockMapProgram, standing: number): UnexpectedProgramError {
    return new UnexpectedProgramError({ target: target(this.#place), expected, found: identityOf(standing) })
  }
}

function attach(program: SockMapProgram, place: Place): Failure | null {
  const order = { flags: 0, relativeId: 0, expectedRevision: 0n }
  return nativeBinding().programAttach(program.handle, { map: place.map.handle }, attachTypeOf(place), order, 0)
}

function duplicate(program: SockMapProgram): SockMapProgram {
  const native = nativeBinding()
  const handle = native.adopt('program', native.descriptor(program.handle))
  if (typeof handle === 'number') return Program.fromHandle(handle).as(program.type)
  if (handle.errno === errno.EBADF) throw new ClosedError({ what: 'program', name: program.name })
  throw explain({ operation: `duplicate the descriptor of program ${program.name}`, errno: handle.errno })
}
