import { MillraceError, type ProgramIdentity } from '@millrace/core'
import { brand } from '@millrace/core/internal'

/**
 * `ERR_SLOT_GONE`: somebody else has taken the program of a slot off the interface, as `xdp-loader unload` does. Close the slot, and
 * join again.
 *
 * @example
 * ```ts
 * import { load } from '@millrace/core'
 * import { joinXdp, SlotGoneError } from '@millrace/dispatcher'
 * import { firewall } from './firewall.bpf.js'
 *
 * using v1 = await load(firewall)
 * using v2 = await load(firewall)
 * using slot = await joinXdp(v1.programs.firewall, 'eth0')
 * try {
 *   await slot.update(v2.programs.firewall)
 * } catch (error) {
 *   if (error instanceof SlotGoneError) console.error(`${error.program.name} was taken off ${error.target}`)
 * }
 * ```
 */
export class SlotGoneError extends MillraceError {
  static {
    brand(SlotGoneError, 'SlotGoneError')
  }

  override readonly code = 'ERR_SLOT_GONE'
  /** `XDP on eth0` */
  readonly target: string
  /** the one that was in the slot */
  readonly program: ProgramIdentity

  constructor({ target, program }: { readonly target: string; readonly program: ProgramIdentity }) {
    super(
      `program ${program.name} (id ${program.id}) is no more among those of ${target}: somebody has taken it out; close the slot and join again`,
    )
    this.target = target
    this.program = program
  }
}
