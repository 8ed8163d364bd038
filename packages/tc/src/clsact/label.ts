import { filterName, type Mark, markOf } from '../mark.js'

/** What the name of a filter of ours says. */
export interface Label {
  readonly mark: Mark
  /** Millrace has made the qdisc that the filter stands on: whoever removes the last filter removes that as well. */
  readonly ownsQdisc: boolean
}

/**
 * In front of `/` and `:`, which end the word `millrace` in the names of our filters: `millrace+/firewall`. It takes one byte, so
 * that a name fits whether it has one or not.
 */
const WORD = 'millrace'
const OWNS_QDISC = '+'

/** The name that a filter gets. */
export function labelText({ mark, ownsQdisc }: Label): string {
  const name = filterName(mark)
  return ownsQdisc ? `${WORD}${OWNS_QDISC}${name.slice(WORD.length)}` : name
}

/** What a filter's name says; undefined: it is not one of ours. */
export function labelOf(name: string): Label | undefined {
  const ownsQdisc = name.startsWith(WORD + OWNS_QDISC)
  const mark = markOf(ownsQdisc ? WORD + name.slice(WORD.length + OWNS_QDISC.length) : name)
  return mark && { mark, ownsQdisc }
}
