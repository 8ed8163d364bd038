import { ClosedError, Link, UnexpectedProgramError } from '@millrace/core'
import { errno, explain, type Failure, identityOf, nativeBinding } from '@millrace/core/internal'
import type { Grip } from './grip.js'
import type { SockMapProgram } from './hooks.js'
import { attachTypeOf, type Place, target } from './place.js'
import { refused } from './standing.js'

/** Holds a program by a bpf_link (Linux 6.10). */
export class LinkGrip implements Grip {
  readonly mechanism = 'link'
  readonly link: Link
  readonly #place: Place

  private constructor(link: Link, place: Place) {
    this.link = link
    this.#place = place
  }

  static attach(program: SockMapProgram, place: Place): LinkGrip | Failure {
    const handle = nativeBinding().linkCreate(program.handle, { map: place.map.handle }, attachTypeOf(place), null)
    return typeof handle === 'number' ? new LinkGrip(Link.fromHandle(handle), place) : handle
  }

  update(program: SockMapProgram, expected: SockMapProgram | undefined): void {
    const code = -nativeBinding().linkUpdate(this.link.handle, program.handle, expected?.handle ?? 0)
    if (code === 0) return
    if (code === errno.EBADF) throw new ClosedError({ what: 'link', name: this.link.name })
    const operation = `put program ${program.name} at ${target(this.#place)}`
    if (code === errno.ENOLINK) throw explain({ operation, errno: code, hint: 'somebody has detached the link' })
    // The kernel's word for another program than the expected one.
    if (code === errno.EPERM && expected !== undefined) {
      const found = identityOf(this.link.info().programId)
      throw new UnexpectedProgramError({ target: target(this.#place), expected, found })
    }
    throw refused(operation, this.#place, code)
  }

  detach(): void {
    this.link.detach()
    this.link.close()
  }

  close(): void {
    this.link.close()
  }
}
