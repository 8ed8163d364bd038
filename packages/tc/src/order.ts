import { ArgumentError, Link, Program } from '@millrace/core'
import { checkInteger, checkOptions, checkString, suggest } from '@millrace/core/internal'
import { TcAttachment } from './attachment.js'
import type { Anchor, Order } from './options.js'

/** An {@link Order} in one shape. */
export type CheckedOrder =
  | { readonly at: 'first' | 'last' }
  | { readonly at: 'before' | 'after' | 'replace'; readonly anchor: Anchor; readonly argument: string }

const relative = ['before', 'after', 'replace'] as const
const edges = ['first', 'last'] as const
const keys = ['programId', 'linkId', 'name'] as const

const EXPECTED = "'first', 'last', { before: anchor }, { after: anchor } or { replace: anchor }"
const ANCHORS = 'an attachment, a Program, a Link, { programId }, { linkId } or { name }'

export function checkOrder(argument: string, order: Order): CheckedOrder {
  if (typeof order === 'string') {
    const at = edges.find((it) => it === order)
    if (at !== undefined) return { at }
    throw new ArgumentError({ argument, value: order, expected: EXPECTED, suggestion: suggest(order, edges) })
  }
  checkOptions(argument, order, relative)
  const [at, ...more] = Object.keys(order) as (typeof relative)[number][]
  if (at === undefined || more.length > 0) throw new ArgumentError({ argument, value: order, expected: EXPECTED })
  const anchor = (order as Record<string, Anchor>)[at]
  return { at, argument: `${argument}.${at}`, anchor: checkAnchor(`${argument}.${at}`, anchor) }
}

function checkAnchor(argument: string, value: unknown): Anchor {
  if (value instanceof TcAttachment || value instanceof Program || value instanceof Link) return value
  if (typeof value !== 'object' || value === null) throw new ArgumentError({ argument, value, expected: ANCHORS })
  checkOptions(argument, value, keys)
  const [key, ...more] = Object.keys(value) as (typeof keys)[number][]
  if (key === undefined || more.length > 0) throw new ArgumentError({ argument, value, expected: ANCHORS })
  const given = (value as Record<string, unknown>)[key]
  const path = `${argument}.${key}`
  if (key === 'name') return { name: checkString(path, given) }
  const id = checkInteger(path, given, 1, 0xffff_ffff)
  return key === 'programId' ? { programId: id } : { linkId: id }
}
