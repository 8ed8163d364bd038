import { AnchorGoneError, ClosedError, Link, type Program, UnexpectedProgramError } from '@millrace/core'
import { errno, explain, type Handle, identityOf, nativeBinding } from '@millrace/core/internal'
import { entryText } from '../entry-text.js'

import type { Entry, Grip, TcMechanism } from '../mechanism.js'
import type { ListHook } from './list-hook.js'
import { interfaceGone, twice } from './refused.js'

/** Holds a program by a bpf_link. */
export class LinkGrip implements Grip {
  readonly link: Link
  readonly #hook: ListHook

  private constructor(link: Link, hook: ListHook) {
    this.link = link
    this.#hook = hook
  }

  /** Takes over the handle. */
  static of(handle: Handle, hook: ListHook): LinkGrip {
    return new LinkGrip(Link.fromHandle(handle), hook)
  }

  /** Holds a link that somebody else has made. */
  static open(entry: Entry, hook: ListHook): LinkGrip {
    const handle = nativeBinding().openById('link', entry.linkId)
    if (typeof handle === 'number') return new LinkGrip(Link.fromHandle(handle, { pinPath: entry.pinPath }), hook)
    if (handle.errno === errno.ENOENT) throw new AnchorGoneError({ target: hook.target, anchor: entryText(entry) })
    throw explain({ operation: `open link ${entry.linkId}`, errno: handle.errno, needs: [['CAP_SYS_ADMIN']] })
  }

  get mechanism(): TcMechanism {
    return this.#hook.mechanism
  }

  update(program: Program<'sched_cls'>, expected: Program<'sched_cls'> | undefined): void {
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

  holds(entry: Entry): boolean {
    return entry.linkId === this.link.id && entry.mechanism === this.mechanism
  }

  #refused(code: number, program: Program<'sched_cls'>, expected: Program<'sched_cls'> | undefined): Error {
    const { target } = this.#hook
    switch (code) {
      case errno.EBADF:
        return new ClosedError({ what: 'link', name: this.link.name })
      // The kernel's word for another program than the expected one.
      case errno.EPERM:
        if (expected === undefined) break
        return new UnexpectedProgramError({ target, expected, found: identityOf(this.link.info().programId) })
      case errno.EEXIST:
        return twice(this.#hook, program)
      case errno.ENOLINK:
        return interfaceGone(this.#hook) ?? this.#detached(program)
    }
    return explain({ operation: `put program ${program.name} on ${target}`, errno: code, needs: [['CAP_NET_ADMIN']] })
  }

  #detached(program: Program): Error {
    const hint = 'somebody has detached the link'
    return explain({ operation: `put program ${program.name} on ${this.#hook.target}`, errno: errno.ENOLINK, hint })
  }
}
