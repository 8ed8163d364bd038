import { ArgumentError, ClosedError, Program } from '@millrace/core'
import { checkInteger, checkOneOf, checkOptions, checkSignal } from '@millrace/core/internal'
import type { XdpActionName } from '@millrace/xdp'
import { checkGoOn, goOnMask } from './go-on.js'
import type { SharedXdpMode } from './hook.js'
import { type Place, type PlaceOptions, placeOptions, resolvePlace } from './place.js'
import { checkSlotName } from './records.js'

/** How a program runs among others. */
export interface SlotOptions {
  /** programs of lower priority run first; 0 to 4294967295, default 50 */
  readonly priority?: number | undefined
  /** the verdicts after which the next program runs; any other is final. Default: `['pass']` */
  readonly goOn?: readonly XdpActionName[] | undefined
}

/** Options of {@link joinXdp}. */
export interface JoinXdpOptions extends SlotOptions, PlaceOptions {
  /**
   * where on the receive path, for the first program on the interface; `auto`, the default, is native where the driver can, and
   * generic where not. Programs that join later run in the mode of the first
   */
  readonly mode?: SharedXdpMode | 'auto' | undefined
  /**
   * keeps the program in its slot when this process ends, for the next process that joins by the same name: up to 100 letters, digits,
   * `_` and `-`. Without a name the slot ends with its owner
   */
  readonly name?: string | undefined
  /** stops it, as long as nothing has changed */
  readonly signal?: AbortSignal | undefined
}

/** What {@link joinXdp} was asked for, checked. */
export interface JoinRequest {
  readonly program: Program<'xdp'>
  readonly place: Place
  readonly priority: number
  readonly goOn: readonly XdpActionName[]
  readonly mode: SharedXdpMode | 'auto'
  readonly name: string | undefined
  readonly signal: AbortSignal | undefined
}

const slotOptions = ['priority', 'goOn']

export function checkJoin(program: Program<'xdp'>, iface: string | number, options: JoinXdpOptions): JoinRequest {
  checkProgram('program', program)
  checkOptions('options', options, [...slotOptions, ...placeOptions, 'mode', 'name', 'signal'])
  const { priority = 50, goOn = ['pass'], mode = 'auto', name, signal } = options
  return {
    program,
    priority: checkPriority(priority),
    goOn: checkGoOn('options.goOn', goOn),
    mode: checkOneOf('options.mode', mode, ['auto', 'native', 'generic']),
    name: name === undefined ? undefined : checkSlotName('options.name', name),
    signal: checkSignal('options.signal', signal),
    place: resolvePlace(iface, options),
  }
}

/** What is to change in how a program runs; what is left out stays. */
export function checkSlotOptions(options: SlotOptions): { readonly priority?: number; readonly goOn?: number } {
  checkOptions('options', options, slotOptions)
  const { priority, goOn } = options
  return {
    ...(priority === undefined ? {} : { priority: checkPriority(priority) }),
    ...(goOn === undefined ? {} : { goOn: goOnMask(checkGoOn('options.goOn', goOn)) }),
  }
}

/** The compiler has checked it, for those who use it. */
export function checkProgram(argument: string, program: Program<'xdp'>): void {
  if (!(program instanceof Program)) {
    throw new ArgumentError({ argument, value: program, expected: 'a loaded Program of type xdp' })
  }
  if (program.type !== 'xdp') {
    throw new ArgumentError({ argument: `${argument}.type`, value: program.type, expected: 'xdp' })
  }
  if (program.closed) throw new ClosedError({ what: 'program', name: program.name })
}

/** Whether it was written for packets in several buffers. */
export function takesFragments({ section }: Program): boolean {
  return section === 'xdp.frags' || section?.startsWith('xdp.frags/') === true
}

function checkPriority(value: unknown): number {
  return checkInteger('options.priority', value, 0, 0xffff_ffff)
}
