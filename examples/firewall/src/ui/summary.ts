import { bytes, count, type Line, micros, type Span, span } from '@millrace/example-common'
import type { Summary } from '../summary.js'

/** The summary for people. */
export function summaryLines(summary: Summary): Line[] {
  const { attachment, requests, allowed, packets, rules, drops, replaced, whileBlocked } = summary
  const undecided = packets.decided.reduce((left, frames) => left - frames, packets.received)
  const blocked = rules.filter(({ verdict }) => verdict !== 'pass')
  return [
    line('Attached', [
      span(`XDP ${attachment.mode}, by ${attachment.mechanism}`, 'strong'),
      span(`, on ${attachment.interface}${attachment.reason === null ? '' : `: ${attachment.reason}`}`),
    ]),
    line('Requests', [
      span(`${count(requests.answered)} answered`, 'strong'),
      span(`, ${count(requests.perSecond)}/s while open; ${count(requests.answeredWhileBlocked)} while blocked`),
    ]),
    ...blocked.map((rule) =>
      line('Blocked', [
        span(`${count(rule.packets)} packets`, 'strong'),
        span(
          ` of ${rule.source}, ${bytes(rule.bytes)}; ${count(drops.events)} drop events, ${count(drops.overruns)} lost`,
        ),
      ]),
    ),
    line('Replaced', [
      span(`${count(replaced.count)} times`, 'strong'),
      span(`, ${micros(replaced.medianMicros)} each, ${micros(replaced.longestMicros)} at most`),
    ]),
    line('Unfiltered', [
      span(`${count(whileBlocked.unfiltered)} packets`, whileBlocked.unfiltered === 0 ? 'good' : 'bad'),
      span(` of the ${count(whileBlocked.sent)} sent from the blocked prefix meanwhile`),
    ]),
    line('Packets', [
      span(count(packets.received), 'strong'),
      span(` at ${count(packets.perSecond)}/s, `),
      span(undecided === 0 ? 'all decided' : `${count(undecided)} undecided`, undecided === 0 ? 'good' : 'bad'),
      span(`: ${packets.decided.map((frames, index) => `${count(frames)} by v${index + 1}`).join(', ')}`),
    ]),
    line('Allowed', [
      span(`${count(allowed.answered)} answered`, 'strong'),
      span(`, ${count(allowed.failed)} failed; longest gap between two answers ${allowed.longestGap.toFixed(0)} ms`),
    ]),
  ]
}

function line(label: string, spans: readonly Span[]): Line {
  return [span(`  ${label.padEnd(12)}`, 'dim'), ...spans]
}
