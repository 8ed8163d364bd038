import { type Handle, nativeBinding } from './binding.js'
import { checkOptions } from './check.js'
import { errno } from './errno.js'
import { ArgumentError, ClosedError } from './errors/index.js'
import { KernelObject, type KernelObjectFields, openById, orClose } from './kernel-object.js'
import { type LinkInfo, readLinkInfo } from './link-info.js'
import type { LinkType } from './link-type.js'
import { openPin } from './pin.js'
import { Program } from './program.js'

/** How to exchange the program of a link. */
export interface LinkUpdateOptions {
  /** exchange only if this is the program that is attached now */
  readonly expectedOld?: Program | undefined
}

/** @internal */
export interface LinkFields extends KernelObjectFields {
  readonly type: LinkType
}

/**
 * An attachment of a program to a hook, as an object of the kernel. It lasts as long as somebody holds it, open or pinned:
 * `close()` of the only holder detaches.
 *
 * @example
 * ```ts
 * import { Link, load } from '@millrace/core'
 * import { firewall } from './firewall.bpf.js'
 *
 * using next = await load(firewall)
 * using link = Link.open('/sys/fs/bpf/firewall-link')
 * link.update(next.programs.firewall)      // atomic: every packet sees the old program or the new one
 * ```
 */
export class Link extends KernelObject {
  readonly type: LinkType

  /** @internal */
  constructor(fields: LinkFields) {
    super('link', fields)
    this.type = fields.type
  }

  /**
   * Opens a pinned link.
   *
   * @throws PinError, MissingCapabilityError
   */
  static open(path: string): Link {
    return Link.fromHandle(openPin(nativeBinding(), 'link', path), { pinPath: path })
  }

  /**
   * Opens a link of the system by its id.
   *
   * @throws KernelError (ENOENT when there is none of this id), MissingCapabilityError
   */
  static openById(id: number): Link {
    return Link.fromHandle(openById('link', id))
  }

  /** @internal Takes over a handle. */
  static fromHandle(handle: Handle, fields: Partial<KernelObjectFields> = {}): Link {
    const { id, type } = orClose(handle, readLinkInfo)
    return new Link({ name: `${type} ${id}`, type, ...fields, handle })
  }

  /** What the kernel says of the link. */
  info(): LinkInfo {
    this.checkOpen()
    return readLinkInfo(this.handle)
  }

  /**
   * Exchanges the program, atomically: a packet is seen by the old one or by the new one.
   *
   * @throws KernelError ESTALE when `expectedOld` is not the program that is attached, EINVAL when the hook does not take the
   * new one: it is of another kind, or was loaded for other uses
   * @throws ClosedError for a link or a program that was closed
   */
  update(program: Program, options: LinkUpdateOptions = {}): void {
    this.checkOpen()
    checkProgram('program', program)
    checkOptions('options', options, ['expectedOld'])
    const { expectedOld } = options
    if (expectedOld !== undefined) checkProgram('options.expectedOld', expectedOld)
    const result = this.native.linkUpdate(this.handle, program.handle, expectedOld?.handle ?? 0)
    if (result === 0) return
    this.refuse({
      operation: `put program ${program.name} into the link ${this.name}`,
      ...updateFailure(result, program, expectedOld),
    })
  }

  /**
   * Detaches the program now, whoever else holds the link; the link stays, without an effect.
   *
   * @kernel 5.9
   * @throws KernelError EOPNOTSUPP for hooks whose links cannot be detached
   */
  detach(): void {
    this.checkOpen()
    const result = this.native.linkDetach(this.handle)
    if (result < 0) this.refuse({ operation: `detach the link ${this.name}`, errno: result })
  }
}

function checkProgram(argument: string, program: Program): void {
  if (!(program instanceof Program)) throw new ArgumentError({ argument, value: program, expected: 'a Program' })
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
}

function updateFailure(code: number, program: Program, expectedOld: Program | undefined) {
  switch (Math.abs(code)) {
    // What the kernel says when the expected program is not the one that is there.
    case errno.EPERM:
      if (expectedOld === undefined) return { errno: code }
      return { errno: errno.ESTALE, hint: 'another program than the expected one is attached' }
    case errno.EINVAL:
      return {
        errno: code,
        hint: `a ${program.type} program may not go there, or it was loaded for other uses (frags, a device)`,
      }
    case errno.ENOLINK:
      return { errno: code, hint: 'the link was detached, or what it was attached to is gone' }
    default:
      return { errno: code }
  }
}
