import { Rate } from '@millrace/example-common'
import type { BpfMap } from '@millrace/maps'
import type { Ipv4Prefix, MrCounter } from './generated/firewall.bpf.js'
import type { RuleState } from './state.js'

type Rules = BpfMap<Ipv4Prefix, MrCounter>
type Row = Omit<RuleState, 'perSecond'>

/** Reads what each rule has decided, and remembers those that were removed. */
export class RuleBook {
  readonly #allowed: Rules
  readonly #blocked: Rules
  readonly #rows = new Map<string, Row>()
  readonly #rates = new Map<string, Rate>()

  constructor(allowed: Rules, blocked: Rules) {
    this.#allowed = allowed
    this.#blocked = blocked
  }

  /** Notes what each rule has come to; a rule that is deleted afterwards is still shown with that. */
  note(): void {
    for (const [source, row] of this.#rows) {
      if (row.verdict === 'drop') this.#rows.set(source, { ...row, verdict: 'removed' })
    }
    const allowed = [...this.#allowed].map((entry) => row(entry, 'pass'))
    const blocked = [...this.#blocked].map((entry) => row(entry, 'drop'))
    for (const it of [...allowed, ...blocked]) this.#rows.set(it.source, it)
  }

  /** `at` in seconds; `passed` is what passed altogether, by a rule or by default. */
  read(at: number, passed: { readonly packets: number; readonly bytes: number }): RuleState[] {
    this.note()
    const rows = [...this.#rows.values()]
    const allowed = rows.filter(({ verdict }) => verdict === 'pass')
    const rest: Row = {
      source: 'everything else',
      verdict: 'pass',
      packets: allowed.reduce((left, { packets }) => left - packets, passed.packets),
      bytes: allowed.reduce((left, { bytes }) => left - bytes, passed.bytes),
    }
    return [...rows, rest].map((it) => ({ ...it, perSecond: this.#rate(it, at) }))
  }

  #rate({ source, packets }: Row, at: number): number {
    const rate = this.#rates.get(source) ?? new Rate()
    this.#rates.set(source, rate)
    return rate.next(at, packets)
  }
}

function row([{ address, prefixLength }, { packets, bytes }]: [Ipv4Prefix, MrCounter], verdict: 'pass' | 'drop'): Row {
  return { source: `${address}/${prefixLength}`, verdict, packets: Number(packets), bytes: Number(bytes) }
}
