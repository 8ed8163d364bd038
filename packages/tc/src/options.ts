import type { Link, Program } from '@millrace/core'
import type { TcAttachment } from './attachment.js'
import type { TcDirection } from './hook.js'

/**
 * One of those that stand on a hook: an attachment of this process, a program, a link, either of them by its id, or a name.
 * A name is that of {@link adoptTc} or {@link attachTc}, a clsact filter's, or a program's; the first of these kinds that is found
 * counts, and it must be the only one.
 *
 * @example
 * ```ts
 * import type { Anchor } from '@millrace/tc'
 *
 * const anchors: readonly Anchor[] = [{ name: 'firewall' }, { programId: 34 }, { linkId: 12 }]
 * ```
 */
export type Anchor =
  | TcAttachment
  | Program
  | Link
  | { readonly programId: number; readonly linkId?: never; readonly name?: never }
  | { readonly linkId: number; readonly programId?: never; readonly name?: never }
  // Every function has a name, and a length.
  | { readonly name: string; readonly programId?: never; readonly linkId?: never; readonly length?: never }

/**
 * Where among the others on a hook: before all, after all, directly before or after one of them, or in its place.
 *
 * Of several that are attached with the same order, the later stands nearer to what the order names: after `first` twice, the
 * second one runs first; after `{ before: x }` twice, the second one runs directly before x.
 *
 * @example
 * ```ts
 * import type { Order } from '@millrace/tc'
 *
 * const orders: readonly Order[] = ['first', 'last', { before: { name: 'firewall' } }, { replace: { programId: 34 } }]
 * ```
 */
export type Order =
  | 'first'
  | 'last'
  | { readonly before: Anchor; readonly after?: never; readonly replace?: never }
  | { readonly after: Anchor; readonly before?: never; readonly replace?: never }
  // Every string has a `replace`, and a length.
  | { readonly replace: Anchor; readonly before?: never; readonly after?: never; readonly length?: never }

/** Options of {@link attachTc}. */
export interface AttachTcOptions {
  readonly direction: TcDirection
  /** where among the others; default `last` */
  readonly order?: Order | undefined
  /** `auto`, the default, is TCX where the kernel has it (6.6), and clsact where not; that one if the order's anchor stands there */
  readonly mechanism?: 'auto' | 'tcx' | 'clsact' | undefined
  /** network namespace of the interface: a path such as `/proc/4242/ns/net`, or a name as `ip netns` lists them */
  readonly netns?: string | undefined
  /** attach only while the hook is at this revision, as {@link queryTc} told it: else {@link RevisionMismatchError} */
  readonly expectedRevision?: bigint | undefined
  /** on clsact, where `{ name }` and `tc filter show` find it by that; default the program's. TCX keeps no names */
  readonly name?: string | undefined
  /** where the pins are whose links `{ name }` may mean; default `/sys/fs/bpf/millrace`, as with {@link adoptTc} */
  readonly pinRoot?: string | undefined
  /** of clsact, with `mechanism: 'clsact'` and without `order`: exactly this priority, 1 to 65535 */
  readonly priority?: number | undefined
}
