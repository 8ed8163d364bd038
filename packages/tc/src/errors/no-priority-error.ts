import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_NO_PRIORITY`: on clsact the order is kept by the priorities of filters, and none is free at the place that was asked for:
 * `after` and `before` leave nothing between them. Nothing was changed.
 *
 * Millrace leaves room between its own filters and never moves those of others. So give one of the two another priority, or ask
 * for another place.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachTc, NoPriorityError } from '@millrace/tc'
 * import { classifier } from './classifier.bpf.js'
 *
 * using object = await load(classifier)
 * try {
 *   using first = attachTc(object.programs.classify, 'eth0', {
 *     direction: 'ingress',
 *     mechanism: 'clsact',
 *     order: 'first',
 *   })
 * } catch (error) {
 *   if (error instanceof NoPriorityError) console.error(error.after, error.before)
 * }
 * ```
 */
export class NoPriorityError extends MillraceError {
  static {
    brand(NoPriorityError, 'NoPriorityError')
  }

  override readonly code = 'ERR_NO_PRIORITY'
  /** `tc ingress on eth0` */
  readonly target: string
  /** the filter that is to run before the new one, such as `filter u32 (priority 1, handle 2147485696)`; undefined: none */
  readonly after: string | undefined
  /** the filter that is to run after it; undefined: none */
  readonly before: string | undefined

  constructor(fields: {
    readonly target: string
    readonly after: string | undefined
    readonly before: string | undefined
  }) {
    super(
      `${fields.target} has no priority free ${between(fields)}; nothing was changed. ` +
        'Give one of them another priority, or choose another place',
    )
    this.target = fields.target
    this.after = fields.after
    this.before = fields.before
  }
}

function between({
  after,
  before,
}: {
  readonly after: string | undefined
  readonly before: string | undefined
}): string {
  if (after === undefined) return `before ${before}`
  return before === undefined ? `after ${after}` : `between ${after} and ${before}`
}
