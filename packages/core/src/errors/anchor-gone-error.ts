import { brand } from './brand.js'
import { MillraceError } from './millrace-error.js'

/**
 * `ERR_ANCHOR_GONE`: what a program was to stand before or after, or to replace, does not stand on the hook, or not any more.
 * Nothing was changed.
 *
 * @example
 * ```ts
 * import { AnchorGoneError, load } from '@millrace/core'
 * import { attachTc } from '@millrace/tc'
 * import { classifier } from './classifier.bpf.js'
 *
 * using object = await load(classifier)
 * try {
 *   using attachment = attachTc(object.programs.classify, 'eth0', { direction: 'ingress', order: { before: { linkId: 12 } } })
 * } catch (error) {
 *   if (error instanceof AnchorGoneError) console.error(`${error.anchor} is not on ${error.target}`)
 * }
 * ```
 */
export class AnchorGoneError extends MillraceError {
  static {
    brand(AnchorGoneError, 'AnchorGoneError')
  }

  override readonly code = 'ERR_ANCHOR_GONE'
  /** `tc ingress on eth0` */
  readonly target: string
  /** `link 12`, `program 34`, `name firewall`, `filter firewall (priority 3, handle 1)` */
  readonly anchor: string

  constructor({
    target,
    anchor,
    hint,
  }: { readonly target: string; readonly anchor: string; readonly hint?: string | undefined }) {
    super(`${anchor} does not stand on ${target}${hint === undefined ? '' : `: ${hint}`}; nothing was changed`)
    this.target = target
    this.anchor = anchor
  }
}
