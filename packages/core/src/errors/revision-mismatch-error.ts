import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/**
 * `ERR_REVISION_MISMATCH`: the programs on the hook are not those that were there at the expected revision: somebody has
 * changed them meanwhile. Nothing was changed; look again with `queryTc` or `queryCgroup` and decide anew.
 *
 * @example
 * ```ts
 * import { load, RevisionMismatchError } from '@millrace/core'
 * import { attachTc, queryTc } from '@millrace/tc'
 * import { classifier } from './classifier.bpf.js'
 *
 * using object = await load(classifier)
 * const { revision } = queryTc('eth0', { direction: 'ingress' })
 * try {
 *   using attachment = attachTc(object.programs.classify, 'eth0', { direction: 'ingress', expectedRevision: revision })
 * } catch (error) {
 *   if (error instanceof RevisionMismatchError) console.error(error.expected, error.found)
 * }
 * ```
 */
export class RevisionMismatchError extends MillraceError {
  static {
    brand(RevisionMismatchError, 'RevisionMismatchError')
  }

  override readonly code = 'ERR_REVISION_MISMATCH'
  /** `tc ingress on eth0` */
  readonly target: string
  readonly expected: bigint
  /** the revision that the hook had when it was looked at after the refusal */
  readonly found: bigint

  constructor(fields: { readonly target: string; readonly expected: bigint; readonly found: bigint }) {
    super(`${fields.target} is at revision ${fields.found}, expected ${fields.expected}; nothing was changed`)
    this.target = fields.target
    this.expected = fields.expected
    this.found = fields.found
  }
}
