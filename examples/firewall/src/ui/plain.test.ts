import { describe, expect, it } from 'vitest'
import { BLOCKED } from '../state.fixture.js'
import { plainLines } from './plain.js'

describe('plainLines', () => {
  it('announces each phase once', () => {
    expect(plainLines(undefined, { ...BLOCKED, elapsed: 0, phase: 'open' })).toEqual([
      '  0.0 s  -- XDP native, by link, on clients0: 192.0.2.10 fetches from 198.51.100.10:8080',
    ])
    const later = { ...BLOCKED, elapsed: BLOCKED.elapsed + 0.1 }
    expect(plainLines(BLOCKED, later)).toEqual([])
    expect(plainLines(BLOCKED, { ...later, phase: 'unblock' })).toEqual(['  7.4 s  -- 192.0.2.0/24 is unblocked'])
  })

  it('gives the figures of the second, and the newest drop', () => {
    const next = { ...BLOCKED, elapsed: 8.01, drops: { ...BLOCKED.drops, events: 13_000 } }
    expect(plainLines(BLOCKED, next)).toEqual([
      '  8.0 s  1,523 requests answered (48/s), 48,233 packets passed (310/s), 41,077 dropped (10.0 k/s)',
      '  8.0 s  v2 runs, replaced 64 times, 38 µs each, 0 packets unfiltered',
      '  8.0 s  192.0.2.53/32 pass 3,220 packets, 192.0.2.0/24 drop 41,077 packets, everything else pass 45,013 packets',
      '  8.0 s  drop: 192.0.2.10 → 198.51.100.10:9000 udp, blocked by v2; 13,000 events so far',
    ])
  })

  it('says nothing of drops when there are no new ones', () => {
    expect(plainLines(BLOCKED, { ...BLOCKED, elapsed: 8.01 }).join('\n')).not.toContain('drop:')
  })
})
