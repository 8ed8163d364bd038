import { ClosedError, Link, type Program, UnexpectedProgramError } from '@millrace/core'
import { errno, explain, type Failure, identityOf, nativeBinding } from '@millrace/core/internal'
import { NetnsGoneError } from '../errors/index.js'
import type { Grip } from './grip.js'
import { isGone, type NetnsHook, nativeTarget, netnsHooks, type Place, target } from './hook.js'

/** Holds a program by a bpf_link. */
export class LinkGrip<H extends NetnsHook> implements Grip<H> {
  readonly mechanism = 'link'
  readonly link: Link
  readonly #place: Place<H>

  private constructor(link: Link, place: Place<H>) {
    this.link = link
    this.#place = place
  }

  static attach<H extends NetnsHook>(program: Program<H>, place: Place<H>): LinkGrip<H> | Failure {
    const { attachType } = netnsHooks[place.hook]
    const handle = nativeBinding().linkCreate(program.handle, nativeTarget(place), attachType, null)
    return typeof handle === 'number' ? new LinkGrip(Link.fromHandle(handle), place) : handle
  }

  programId(): number {
    const { programId, netnsInode } = this.link.info()
    // A link that was detached still names its program.
    return netnsInode === 0 ? 0 : programId
  }

  update(program: Program<H>, expected: Program<H> | undefined): void {
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

  #refused(code: number, program: Program<H>, expected: Program<H> | undefined): Error {
    if (code === errno.EBADF) return new ClosedError({ what: 'link', name: this.link.name })
    // The kernel's word for another program than the expected one.
    if (code === errno.EPERM && expected !== undefined) {
      return new UnexpectedProgramError({
        target: target(this.#place),
        expected,
        found: identityOf(this.programId()),
      })
    }
    if (code === errno.ENOLINK && isGone(this.#place)) return new NetnsGoneError({ netns: this.#place.netns })
    const hint = code === errno.ENOLINK ? 'somebody has detached the link' : undefined
    return explain({ operation: `put program ${program.name} at ${target(this.#place)}`, errno: code, hint })
  }
}
