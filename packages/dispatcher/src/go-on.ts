import { ArgumentError } from '@millrace/core'
import { checkOneOf } from '@millrace/core/internal'
import { type XdpActionName, xdpActionName } from '@millrace/xdp'

/** In the order of their numbers. */
const actions = [0, 1, 2, 3, 4].map(xdpActionName) as readonly XdpActionName[]

/**
 * What a slot returns that no program is in (MR_DISPATCHER_EMPTY). Its bit is set for every program, so that the next one runs
 * when somebody takes a program out.
 */
const emptySlot = 2 ** 31

/** The verdicts after which the next program runs, as the dispatcher wants them: bit n for verdict n. */
export function goOnMask(goOn: readonly XdpActionName[]): number {
  return actions.reduce((mask, name, action) => (goOn.includes(name) ? mask + 2 ** action : mask), emptySlot)
}

/** The same as names; bits that stand for no verdict have none. */
export function goOnNames(mask: number): XdpActionName[] {
  return actions.filter((_, action) => mask & (1 << action))
}

export function checkGoOn(argument: string, value: unknown): readonly XdpActionName[] {
  if (!Array.isArray(value)) {
    throw new ArgumentError({ argument, value, expected: `an array of ${actions.join(', ')}` })
  }
  return value.map((name, index) => checkOneOf(`${argument}[${index}]`, name, actions))
}
