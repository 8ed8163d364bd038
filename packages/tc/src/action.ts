/**
 * Verdicts of a direct-action filter of clsact, by name: what its C returns as `TC_ACT_OK` and the like (uapi
 * `linux/pkt_cls.h`). On TCX and netkit only those of {@link TcxAction} are verdicts, of the same numbers; any other ends the list
 * there: of TCX, and the packet goes on to clsact; of netkit, and the packet is dropped.
 *
 * @example
 * ```ts
 * import { TcAction } from '@millrace/tc'
 *
 * console.log(TcAction.Shot) // 2
 * ```
 * @kernel 4.4
 */
export const TcAction = {
  /** No verdict: the next program decides; after the last one, the packet goes on. */
  Unspec: -1,
  /** The packet goes on, and no further program sees it. */
  Ok: 0,
  /** Of other kinds of filters; here as `Unspec`. */
  Reclassify: 1,
  /** Drop it. */
  Shot: 2,
  /** Of other kinds of filters; here as `Unspec`. */
  Pipe: 3,
  /** The packet ends here, and is not counted as dropped. */
  Stolen: 4,
  /** Of other kinds of filters; here as `Unspec`. */
  Queued: 5,
  /** Of other kinds of filters; here as `Unspec`. */
  Repeat: 6,
  /** To where `bpf_redirect` or its like said. */
  Redirect: 7,
  /** As `Stolen`; hardware hands the packet to software. */
  Trap: 8,
} as const
/** The number of a verdict. */
export type TcAction = (typeof TcAction)[keyof typeof TcAction]

/**
 * Verdicts of a program on TCX or netkit, by name: `TCX_NEXT` and the like of C (uapi `enum tcx_action_base`). The numbers are
 * those of {@link TcAction}, so that one program serves on both.
 *
 * @example
 * ```ts
 * import { TcAction, TcxAction } from '@millrace/tc'
 *
 * console.log(TcxAction.Drop === TcAction.Shot) // true
 * ```
 * @kernel 6.6
 */
export const TcxAction = {
  /** No verdict: the next program decides; after the last one, clsact does. */
  Next: -1,
  /** The packet goes on, and no further program sees it, nor any filter of clsact. */
  Pass: 0,
  Drop: 2,
  /** To where `bpf_redirect` or its like said. */
  Redirect: 7,
} as const
/** The number of a verdict. */
export type TcxAction = (typeof TcxAction)[keyof typeof TcxAction]

const names = ['unspec', 'ok', 'reclassify', 'shot', 'pipe', 'stolen', 'queued', 'repeat', 'redirect', 'trap'] as const

/** The name of a verdict, as `tc` names it. */
export type TcActionName = (typeof names)[number]

/**
 * The name of a verdict; a number that is none is named `action 9`.
 *
 * @example
 * ```ts
 * import { tcActionName } from '@millrace/tc'
 *
 * console.log(tcActionName(2)) // 'shot'
 * ```
 */
export function tcActionName(action: number): TcActionName | `action ${number}` {
  // A test run returns -1 as the u32 that it is in the kernel.
  return names[action === 0xffff_ffff ? 0 : action + 1] ?? `action ${action}`
}
