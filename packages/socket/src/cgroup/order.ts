import { ArgumentError, ClosedError, Link, Program } from '@millrace/core'
import { checkInteger, checkOptions, checkString, suggest } from '@millrace/core/internal'
import { CgroupAttachment } from './attachment.js'

/**
 * One of those that stand at a hook: an attachment of this process, a program, a link, either of them by its id, or the name of a
 * program.
 *
 * @example
 * ```ts
 * import type { CgroupAnchor } from '@millrace/socket'
 *
 * const anchors: readonly CgroupAnchor[] = [{ name: 'connect4' }, { programId: 34 }, { linkId: 12 }]
 * ```
 */
export type CgroupAnchor =
  | CgroupAttachment
  | Program
  | Link
  | { readonly programId: number }
  | { readonly linkId: number }
  | { readonly name: string }

/**
 * Where among the others at a hook of the same control group: before all, after all, directly before or after one of them, or in
 * its place. The words are those of `@millrace/tc`.
 *
 * @example
 * ```ts
 * import type { CgroupOrder } from '@millrace/socket'
 *
 * const orders: readonly CgroupOrder[] = ['first', { before: { name: 'audit' } }, { replace: { programId: 34 } }]
 * ```
 * @kernel 6.17, but for `last` and `replace`
 */
export type CgroupOrder =
  | 'first'
  | 'last'
  | { readonly before: CgroupAnchor }
  | { readonly after: CgroupAnchor }
  // Every string has a `replace`, and a length.
  | { readonly replace: CgroupAnchor; readonly length?: never }

/** A {@link CgroupOrder} in one shape. */
export type CheckedOrder =
  | { readonly at: 'first' | 'last' }
  | { readonly at: 'before' | 'after' | 'replace'; readonly anchor: CgroupAnchor }

const edges = ['first', 'last'] as const
const relative = ['before', 'after', 'replace'] as const
const keys = ['programId', 'linkId', 'name'] as const

const ORDERS = "'first', 'last', { before: anchor }, { after: anchor } or { replace: anchor }"
const ANCHORS = 'an attachment, a Program, a Link, { programId }, { linkId } or { name }'

export function checkOrder(argument: string, order: CgroupOrder): CheckedOrder {
  if (typeof order === 'string') {
    const at = edges.find((it) => it === order)
    if (at !== undefined) return { at }
    throw new ArgumentError({ argument, value: order, expected: ORDERS, suggestion: suggest(order, edges) })
  }
  if (typeof order !== 'object' || order === null) throw new ArgumentError({ argument, value: order, expected: ORDERS })
  const [at, anchor] = onlyMember(argument, order, relative, ORDERS)
  return { at, anchor: checkAnchor(`${argument}.${at}`, anchor) }
}

function checkAnchor(argument: string, value: unknown): CgroupAnchor {
  if (value instanceof CgroupAttachment || value instanceof Program || value instanceof Link) {
    if (value.closed) throw new ClosedError({ what: 'anchor', name: argument })
    return value
  }
  if (typeof value !== 'object' || value === null) throw new ArgumentError({ argument, value, expected: ANCHORS })
  const [key, given] = onlyMember(argument, value, keys, ANCHORS)
  if (key === 'name') return { name: checkString(`${argument}.name`, given) }
  const id = checkInteger(`${argument}.${key}`, given, 1, 0xffff_ffff)
  return key === 'programId' ? { programId: id } : { linkId: id }
}

function onlyMember<const K extends string>(
  argument: string,
  value: object,
  known: readonly K[],
  expected: string,
): [K, unknown] {
  checkOptions(argument, value, known)
  const [entry, ...more] = Object.entries(value)
  if (entry === undefined || more.length > 0) throw new ArgumentError({ argument, value, expected })
  return entry as [K, unknown]
}
