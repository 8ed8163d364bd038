import { count, type Line, micros, type Span, span, type Tone } from '@millrace/example-common'
import { isWithoutLoss, type Summary } from '../summary.js'

/** The summary for people. */
export function summaryLines(summary: Summary): Line[] {
  const { chain, changes, requests, probes, noise, transfer, missed, resets, overflow } = summary
  const good = (isGood: boolean): Tone => (isGood ? 'good' : 'bad')
  return [
    line('Chain', [span(`${chain.hook}, by ${chain.mechanism}`, 'strong'), span(`, on ${chain.interface}`)]),
    line('Changed', [
      span(`${count(changes.count)} times`, 'strong'),
      span(`, ${micros(changes.medianMicros)} each, ${micros(changes.longestMicros)} at most`),
    ]),
    line('HTTP', [
      span(`${count(requests.answered)} requests answered, `),
      span(`${count(requests.failed)} failed`, good(requests.failed === 0)),
    ]),
    line('iperf3', [
      span(`${(transfer.bitsPerSecond / 1e9).toFixed(1)} Gbit/s`, 'strong'),
      span(`, ${count(transfer.retransmits)} retransmits, `),
      span(transfer.error ?? `${count(resets)} resets`, good(transfer.error === null && resets === 0)),
    ]),
    line('Probes', [
      span(`${count(probes.lost)} of ${count(probes.sent)} lost`, good(probes.lost <= overflow)),
      span(overflow === 0 ? '; ' : `, ${count(overflow)} packets of all found a queue full; `),
      span(`${count(missed)} packets missed a stage`, good(missed === 0)),
    ]),
    line('Noise', [span(`${count(noise.arrived)} of ${count(noise.sent)} got through`)]),
    line('Loss', [span(isWithoutLoss(summary) ? 'none' : 'there was some', good(isWithoutLoss(summary)))]),
  ]
}

function line(label: string, spans: readonly Span[]): Line {
  return [span(`  ${label.padEnd(9)}`, 'dim'), ...spans]
}
