/**
 * Verdicts of sk_skb and sk_msg programs, and of sk_lookup, by name: what their C returns as `SK_DROP` and `SK_PASS` (uapi `enum
 * sk_action`). A redirect is `Pass` with a socket that `bpf_sk_redirect_map` and the like have noted.
 *
 * @example
 * ```ts
 * import { SkAction } from '@millrace/socket'
 *
 * console.log(SkAction.Pass) // 1
 * ```
 * @kernel 4.14
 */
export const SkAction = {
  /** What was received is thrown away; of what is sent, the call fails with EACCES. */
  Drop: 0,
  /** On to the process, or out; or to where it was redirected. */
  Pass: 1,
} as const
/** The number of a verdict. */
export type SkAction = (typeof SkAction)[keyof typeof SkAction]

const names = ['drop', 'pass'] as const

/** The name of a verdict. */
export type SkActionName = (typeof names)[number]

/**
 * The name of a verdict; a number that is none is named `action 7`, and drops.
 *
 * @example
 * ```ts
 * import { skActionName } from '@millrace/socket'
 *
 * console.log(skActionName(1)) // 'pass'
 * ```
 */
export function skActionName(action: number): SkActionName | `action ${number}` {
  return names[action] ?? `action ${action}`
}
