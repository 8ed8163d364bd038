import type { NativeFilter } from '@millrace/core/internal'
import type { Entry, TcFilter } from '../mechanism.js'
import { labelOf } from './label.js'

/** ETH_P_ALL */
const ALL_PROTOCOLS = 3

/** The chain that packets enter; others run when a filter says so. */
const ENTRY_CHAIN = 0

/** The filters that every packet meets. */
export function ofEntryChain(filters: readonly NativeFilter[]): readonly NativeFilter[] {
  return filters.filter(({ chain }) => chain === ENTRY_CHAIN)
}

/** A filter, as all mechanisms describe what stands on a hook. */
export function entryOf(native: NativeFilter): Entry {
  const { programId, ...filter } = native
  return { mechanism: 'clsact', programId, linkId: 0, filter, mark: labelOf(filter.name)?.mark }
}

type Where = Pick<TcFilter, 'priority' | 'handle' | 'chain' | 'kind'>

/** Whether two descriptions are of the same filter; who put it there, and its program, may have changed. */
export function isSamePlace(one: Where, other: Where): boolean {
  return (
    one.priority === other.priority &&
    one.handle === other.handle &&
    one.chain === other.chain &&
    one.kind === other.kind
  )
}

/** Why the program of a filter cannot be exchanged; undefined: it can. */
export function notExchangeable({ kind, directAction, protocol, chain }: TcFilter): string | undefined {
  if (kind !== 'bpf') return `it is a ${kind} filter and no program`
  if (!directAction) return 'its program is a classifier without direct action'
  if (protocol !== ALL_PROTOCOLS) return 'it sees packets of one protocol only'
  return chain === ENTRY_CHAIN ? undefined : `it stands in chain ${chain}`
}
