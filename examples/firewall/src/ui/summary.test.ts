import { ansi } from '@millrace/example-common'
import { expect, it } from 'vitest'
import type { Summary } from '../summary.js'
import { summaryLines } from './summary.js'

const SUMMARY: Summary = {
  seconds: 13,
  attachment: { interface: 'clients0', mode: 'native', mechanism: 'link', reason: null },
  requests: {
    answered: 3_204,
    failed: 41,
    answeredBeforeBlock: 1_500,
    answeredWhileBlocked: 0,
    answeredAfterUnblock: 1_704,
    perSecond: 431.2,
  },
  allowed: { answered: 1_210, failed: 0, longestGap: 21.4 },
  packets: { received: 143_220, decided: [110_110, 33_110], passed: 92_220, dropped: 51_000, perSecond: 11_016.9 },
  rules: [
    { source: '192.0.2.53/32', verdict: 'pass', packets: 7_000, bytes: 900_000 },
    { source: '192.0.2.0/24', verdict: 'removed', packets: 51_000, bytes: 5_300_000 },
    { source: 'everything else', verdict: 'pass', packets: 85_220, bytes: 9_000_000 },
  ],
  drops: { events: 31_000, overruns: 0 },
  replaced: { count: 161, medianMicros: 38.2, longestMicros: 911 },
  whileBlocked: { sent: 50_800, unfiltered: 0 },
}

const text = (summary: Summary) => summaryLines(summary).map((line) => ansi(line, false))

it('sums up a run in sentences', () => {
  expect(text(SUMMARY)).toEqual([
    '  Attached    XDP native, by link, on clients0',
    '  Requests    3,204 answered, 431/s while open; 0 while blocked',
    '  Blocked     51,000 packets of 192.0.2.0/24, 5.3 MB; 31,000 drop events, 0 lost',
    '  Replaced    161 times, 38 µs each, 911 µs at most',
    '  Unfiltered  0 packets of the 50,800 sent from the blocked prefix meanwhile',
    '  Packets     143,220 at 11,017/s, all decided: 110,110 by v1, 33,110 by v2',
    '  Allowed     1,210 answered, 0 failed; longest gap between two answers 21 ms',
  ])
})

it('fits a terminal of 80 columns', () => {
  for (const line of text(SUMMARY)) expect(line.length).toBeLessThanOrEqual(80)
})

it('does not hide what went wrong', () => {
  const packets = { ...SUMMARY.packets, received: 143_222 }
  const lines = text({ ...SUMMARY, packets, whileBlocked: { sent: 100, unfiltered: 3 } })
  expect(lines[4]).toContain('3 packets of the 100 sent')
  expect(lines[5]).toContain('2 undecided: 110,110 by v1')
})

it('says why it was not the better mode', () => {
  const attachment = { interface: 'lo', mode: 'generic', mechanism: 'link', reason: 'native: no driver' }
  expect(text({ ...SUMMARY, attachment })[0]).toBe('  Attached    XDP generic, by link, on lo: native: no driver')
})
