import type { Link, Program } from '@millrace/core'
import type { Attachment } from './hook.js'

/** An attachment that a process before this one has made: its link, opened from the pin. */
export class PinnedLink implements Attachment {
  readonly mechanism: string
  readonly mode: string | undefined
  readonly reason = undefined
  readonly link: Link

  /** Takes over the link. */
  constructor(link: Link, mode: string | undefined) {
    this.mode = mode
    this.mechanism = link.type === 'tcx' ? 'tcx' : 'link'
    this.link = link
  }

  update(program: Program, { expectedOld }: { readonly expectedOld: Program }): void {
    this.link.update(program, { expectedOld })
  }

  detach(): void {
    this.link.detach()
    this.link.close()
  }

  leave(): void {
    this.link.close()
  }

  close(): void {
    this.detach()
  }
}
