import { ansi } from '@millrace/example-common'
import { describe, expect, it } from 'vitest'
import { RUNNING } from '../state.fixture.js'
import type { Summary } from '../summary.js'
import { dashboard, LEAST_SIZE } from './dashboard.js'
import { plainLines } from './plain.js'
import { summaryLines } from './summary.js'

const screen = (state = RUNNING) => dashboard(state, LEAST_SIZE).map((line) => ansi(line, false))

describe('the dashboard', () => {
  it('fits a terminal of 80 columns and 24 rows', () => {
    const lines = screen()
    expect(lines.length).toBeLessThan(LEAST_SIZE.rows)
    for (const line of lines) expect(line).toHaveLength(LEAST_SIZE.columns)
  })

  it('shows the chain in its order, and a row for each stage', () => {
    const text = screen().join('\n')
    expect(text).toContain('192.0.2.10 ─▶ parser ─▶ firewall·2 ─▶ counter ─▶ limiter ─▶ 198.51.100.10')
    expect(text).toMatch(/2 firewall v2 +650,001 +91\.2 k\/s +9,100/)
    expect(text).toContain('firewall swapped for version 2')
  })

  it('shows the keys where there is no end to wait for', () => {
    const keys = screen({ ...RUNNING, seconds: undefined })
      .slice(-2)
      .join('\n')
    expect(keys).toMatch(/p parser {3}f firewall/)
    expect(keys).toContain('q quit')
    expect(screen().at(-1)).toContain('7.2 of 16 s')
  })

  it('says so when the chain is empty', () => {
    expect(screen({ ...RUNNING, stages: [] }).join('\n')).toContain('an empty chain')
  })
})

describe('plain lines', () => {
  it('tell a change when it happens, and the figures once a second', () => {
    expect(plainLines(RUNNING, { ...RUNNING, elapsed: 7.4 })).toEqual([])
    expect(plainLines(RUNNING, { ...RUNNING, elapsed: 7.4, event: 'counter removed' })).toEqual([
      '  7.4 s  -- counter removed',
    ])
    expect(plainLines(RUNNING, { ...RUNNING, elapsed: 8.1 })[1]).toContain('0 of 1,440 probes lost; 5 changes')
  })
})

describe('the summary', () => {
  const summary: Summary = {
    seconds: 16,
    chain: RUNNING.chain,
    changes: RUNNING.changes,
    missed: 0,
    stages: [],
    requests: { answered: 1_234, failed: 0 },
    probes: { sent: 3_200, lost: 0 },
    resets: 0,
    overflow: 0,
    noise: { sent: 32_000, arrived: 7_000 },
    transfer: { bitsPerSecond: 9.87e9, retransmits: 12, error: null },
  }
  const text = (it: Summary) => summaryLines(it).map((line) => ansi(line, false))

  it('fits a terminal of 80 columns', () => {
    for (const line of text(summary)) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('says that nothing was lost, and does not hide what was', () => {
    expect(text(summary).at(-1)).toBe('  Loss     none')
    expect(text({ ...summary, probes: { sent: 3_200, lost: 2 } }).at(-1)).toBe('  Loss     there was some')
    expect(text({ ...summary, missed: 1 }).at(-1)).toBe('  Loss     there was some')
    expect(text({ ...summary, transfer: { ...summary.transfer, error: 'reset' } })[3]).toContain('reset')
  })
})
