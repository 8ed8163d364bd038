/**
 * How a program is kept on its hook: `link`, a kernel object that detaches when its last holder lets go; `direct`, a property of
 * the control group or namespace, which stays until somebody removes it.
 *
 * @example
 * ```ts
 * import type { SocketMechanism } from '@millrace/socket'
 *
 * const safest: SocketMechanism = 'link'
 * ```
 */
export type SocketMechanism = 'link' | 'direct'
