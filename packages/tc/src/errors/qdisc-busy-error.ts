import { MillraceError } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_QDISC_BUSY`: an `ingress` qdisc of somebody else is where clsact would have to be, and an interface has only one of the two.
 * Nothing was changed. Use TCX, which needs neither, or have its owner use clsact, which does all that `ingress` does.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { attachTc, QdiscBusyError } from '@millrace/tc'
 * import { classifier } from './classifier.bpf.js'
 *
 * using object = await load(classifier)
 * try {
 *   using attachment = attachTc(object.programs.classify, 'eth0', { direction: 'ingress', mechanism: 'clsact' })
 * } catch (error) {
 *   if (error instanceof QdiscBusyError) console.error(`${error.interface} has another qdisc`)
 * }
 * ```
 */
export class QdiscBusyError extends MillraceError {
  static {
    brand(QdiscBusyError, 'QdiscBusyError')
  }

  override readonly code = 'ERR_QDISC_BUSY'
  readonly interface: string

  constructor(fields: { readonly interface: string }) {
    super(
      `${fields.interface} has an ingress qdisc in the place of clsact, which is not ours to remove; nothing was changed. ` +
        'Use TCX, or have its owner make it clsact, which does all that ingress does',
    )
    this.interface = fields.interface
  }
}
