import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/** A program as an error names it. */
export interface ProgramIdentity {
  readonly id: number
  readonly name: string
}

/**
 * `ERR_UNEXPECTED_PROGRAM`: the program was to replace, or to be removed from, an interface only while a certain other one is
 * there, and that is not so: somebody was faster. Nothing was changed.
 *
 * @example
 * ```ts
 * import { load, UnexpectedProgramError } from '@millrace/core'
 * import { attachXdp } from '@millrace/xdp'
 * import { firewall } from './firewall.bpf.js'
 *
 * using v1 = await load(firewall)
 * using v2 = await load(firewall)
 * using attachment = attachXdp(v1.programs.firewall, 'eth0')
 * try {
 *   attachment.update(v2.programs.firewall, { expectedOld: v1.programs.firewall })
 * } catch (error) {
 *   if (error instanceof UnexpectedProgramError) console.error(error.expected, error.found)
 * }
 * ```
 */
export class UnexpectedProgramError extends MillraceError {
  static {
    brand(UnexpectedProgramError, 'UnexpectedProgramError')
  }

  override readonly code = 'ERR_UNEXPECTED_PROGRAM'
  /** `XDP on eth0` */
  readonly target: string
  readonly expected: ProgramIdentity
  /** undefined: no program is there */
  readonly found: ProgramIdentity | undefined

  constructor(fields: {
    readonly target: string
    readonly expected: ProgramIdentity
    readonly found: ProgramIdentity | undefined
  }) {
    const found = fields.found === undefined ? 'no program' : describe(fields.found)
    super(`${fields.target} has ${found}, expected ${describe(fields.expected)}; nothing was changed`)
    this.target = fields.target
    this.expected = fields.expected
    this.found = fields.found
  }
}

function describe({ id, name }: ProgramIdentity): string {
  return `program ${name === '' ? '' : `${name} `}(id ${id})`
}
