import { ClosedError, Link, UnexpectedProgramError } from '@millrace/core'
import { errno, explain, type Failure, identityOf, type NativeOrder, nativeBinding } from '@millrace/core/internal'
import { checkExists } from './cgroup.js'
import type { CgroupProgram, Grip } from './grip.js'
import { cgroupHooks } from './hooks.js'
import { type Place, target } from './place.js'

/** Holds a program by a bpf_link, which always allows others beside it. */
export class LinkGrip implements Grip {
  readonly mechanism = 'link'
  readonly mode = 'multi'
  readonly link: Link
  readonly #place: Place

  private constructor(link: Link, place: Place) {
    this.link = link
    this.#place = place
  }

  static attach(program: CgroupProgram, place: Place, order: NativeOrder): LinkGrip | Failure {
    const { attachType } = cgroupHooks[place.hook]
    const handle = nativeBinding().linkCreate(program.handle, { path: place.cgroup.path }, attachType, order)
    return typeof handle === 'number' ? new LinkGrip(Link.fromHandle(handle), place) : handle
  }

  /** Puts the program in the place of `old` in a link that somebody else has made, and holds that link too. */
  static replace(program: CgroupProgram, old: CgroupProgram, linkId: number, place: Place): LinkGrip {
    const grip = new LinkGrip(Link.openById(linkId), place)
    try {
      grip.update(program, old)
      return grip
    } catch (error) {
      grip.close()
      throw error
    }
  }

  programId(): number {
    const { programId, cgroupId } = this.link.info()
    // A link that was detached still names its program.
    return cgroupId === 0n ? 0 : programId
  }

  update(program: CgroupProgram, expected: CgroupProgram | undefined): void {
    // A link outlives its group for a moment, in which it takes programs that never run.
    checkExists(this.#place.cgroup)
    const code = -nativeBinding().linkUpdate(this.link.handle, program.handle, expected?.handle ?? 0)
    if (code !== 0) throw this.#refused(code, program, expected)
  }

  detach(): void {
    this.link.detach()
    this.link.close()
  }

  close(): void {
    this.link.close()
  }

  #refused(code: number, program: CgroupProgram, expected: CgroupProgram | undefined): Error {
    if (code === errno.EBADF) return new ClosedError({ what: 'link', name: this.link.name })
    checkExists(this.#place.cgroup)
    // The kernel's word for another program than the expected one.
    if (code === errno.EPERM && expected !== undefined) {
      const found = identityOf(this.programId())
      return new UnexpectedProgramError({ target: target(this.#place), expected, found })
    }
    const hint = code === errno.ENOLINK ? 'somebody has detached the link' : undefined
    return explain({ operation: `put program ${program.name} at ${target(this.#place)}`, errno: code, hint })
  }
}
