import { UnexpectedProgramError } from '@millrace/core'
import { errno, explain, type Failure, identityOf, type NativeOrder, nativeBinding } from '@millrace/core/internal'
import { duplicate } from '../duplicate.js'
import { CgroupGoneError } from '../errors/index.js'
import { checkExists } from './cgroup.js'
import type { CgroupProgram, Grip } from './grip.js'
import { cgroupHooks } from './hooks.js'
import { type CgroupMode, modeFlag, PREORDER, REPLACE } from './mode.js'
import { type Place, target } from './place.js'
import { refused } from './refused.js'
import { type Entry, standingAt } from './standing.js'

/** How a program is attached without a link: the kernel wants the same again of its successor. */
export interface DirectForm {
  readonly mode: CgroupMode
  readonly preorder: boolean
}

/**
 * Holds a program without a link: there is nothing of ours that the kernel could tell apart from what others attach. So it is
 * known by its program, and each change names the program that it expects to be there.
 */
export class DirectGrip implements Grip {
  readonly mechanism = 'direct'
  readonly link = undefined
  readonly mode: CgroupMode
  readonly #place: Place
  readonly #preorder: boolean
  /** A descriptor of our own, since the caller may close the program's while it is attached. */
  #attached: CgroupProgram

  private constructor(attached: CgroupProgram, place: Place, { mode, preorder }: DirectForm) {
    this.#attached = attached
    this.#place = place
    this.#preorder = preorder
    this.mode = mode
  }

  static attach(program: CgroupProgram, place: Place, form: DirectForm, order: NativeOrder): DirectGrip | Failure {
    const held = duplicate(program)
    const failure = attach(held, place, form, order, 0)
    if (failure === null) return new DirectGrip(held, place, form)
    held.close()
    return failure
  }

  /** Puts the program in the place of `old`, which somebody else has attached. */
  static replace(program: CgroupProgram, old: CgroupProgram, place: Place, form: DirectForm): DirectGrip {
    const grip = new DirectGrip(duplicate(old), place, form)
    try {
      grip.update(program, undefined)
      return grip
    } catch (error) {
      grip.#attached.close()
      throw error
    }
  }

  programId(): number {
    return this.#entry() === undefined ? 0 : this.#attached.id
  }

  update(program: CgroupProgram, expected: CgroupProgram | undefined): void {
    if (expected !== undefined && expected.id !== this.#attached.id) throw this.#unexpected(expected)
    const held = duplicate(program)
    try {
      this.#put(held)
    } catch (error) {
      held.close()
      throw error
    }
    this.#attached.close()
    this.#attached = held
  }

  detach(): void {
    using attached = this.#attached
    try {
      if (!this.#stands()) return
      const { path } = this.#place.cgroup
      const { attachType } = cgroupHooks[this.#place.hook]
      const failure = nativeBinding().programDetach(attached.handle, { path }, attachType)
      if (failure === null || failure.errno === errno.ENOENT) return
      checkExists(this.#place.cgroup)
      const operation = `detach program ${attached.name} from ${target(this.#place)}`
      throw explain({ operation, errno: failure.errno, needs: [['CAP_NET_ADMIN']], log: failure.log })
    } catch (error) {
      // The program went with its group.
      if (!(error instanceof CgroupGoneError)) throw error
    }
  }

  /** A program of somebody else's stays. */
  close(): void {
    try {
      this.detach()
    } catch (error) {
      if (!(error instanceof UnexpectedProgramError)) throw error
    }
  }

  #put(program: CgroupProgram): void {
    const failure = this.mode === 'multi' ? this.#exchange(program) : this.#overwrite(program)
    if (failure === null) return
    if (failure.errno === errno.ENOENT || failure.errno === errno.ESTALE) throw this.#unexpected(this.#attached)
    throw refused({ program, place: this.#place, mode: this.mode, preorder: this.#preorder }, failure)
  }

  /** In one step, by the old program. */
  #exchange(program: CgroupProgram): Failure | null {
    checkExists(this.#place.cgroup)
    return attach(program, this.#place, this.#form(), { ...anyOrder, flags: REPLACE }, this.#attached.handle)
  }

  /** Where only one stands, the kernel puts the next into its place, whichever it is: so it is looked at before. */
  #overwrite(program: CgroupProgram): Failure | null {
    const { revision } = standingAt(this.#place)
    if (!this.#stands()) throw this.#unexpected(this.#attached)
    return attach(program, this.#place, this.#form(), { ...anyOrder, expectedRevision: revision }, 0)
  }

  #form(): DirectForm {
    return { mode: this.mode, preorder: this.#preorder }
  }

  /** @throws UnexpectedProgramError when another one stands where there is room for one */
  #stands(): boolean {
    const { entries } = standingAt(this.#place)
    if (entries.some((entry) => this.#isOurs(entry))) return true
    if (this.mode === 'multi' || entries.length === 0) return false
    throw this.#unexpected(this.#attached)
  }

  #entry(): Entry | undefined {
    return standingAt(this.#place).entries.find((entry) => this.#isOurs(entry))
  }

  #isOurs({ programId, linkId }: Entry): boolean {
    return programId === this.#attached.id && (linkId ?? 0) === 0
  }

  #unexpected(expected: CgroupProgram): UnexpectedProgramError {
    const { entries } = standingAt(this.#place)
    const id = this.mode === 'multi' ? this.programId() : (entries[0]?.programId ?? 0)
    return new UnexpectedProgramError({ target: target(this.#place), expected, found: identityOf(id) })
  }
}

const anyOrder: NativeOrder = { flags: 0, relativeId: 0, expectedRevision: 0n }

function attach(
  program: CgroupProgram,
  { cgroup, hook }: Place,
  { mode, preorder }: DirectForm,
  order: NativeOrder,
  replaced: number,
): Failure | null {
  const flags = order.flags | modeFlag[mode] | (preorder ? PREORDER : 0)
  const { attachType } = cgroupHooks[hook]
  return nativeBinding().programAttach(program.handle, { path: cgroup.path }, attachType, { ...order, flags }, replaced)
}
