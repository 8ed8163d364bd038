import { ansi } from '@millrace/example-common'
import { describe, expect, it } from 'vitest'
import { BLOCKED } from '../state.fixture.js'
import type { State } from '../state.js'
import { dashboard, LEAST_SIZE } from './dashboard.js'

const text = (state: State, size = LEAST_SIZE) => dashboard(state, size).map((line) => ansi(line, false))

describe('dashboard', () => {
  it.each([LEAST_SIZE, { columns: 120, rows: 40 }])('fits a terminal of $columns x $rows', (size) => {
    const lines = text(BLOCKED, size)
    expect(lines.length).toBeLessThan(size.rows)
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([size.columns]))
  })

  it('shows the figures', () => {
    const screen = text(BLOCKED).join('\n')
    expect(screen).toMatch(/requests answered +1,523 +48\/s/)
    expect(screen).toMatch(/192\.0\.2\.0\/24 +drop +41,077 +2\.9 MB +10\.0 k\/s/)
    expect(screen).toContain('program replaced 64 times, 38 µs each; 0 packets unfiltered')
    expect(screen).toMatch(/12,004 read, 0 lost/)
  })

  it('shows the newest drops, as many as there is room for', () => {
    const drops = text(BLOCKED).filter((line) => line.includes('blocked by v2'))
    expect(drops.length).toBeGreaterThanOrEqual(3)
    expect(drops.at(-1)).toMatch(/7\.19 s {2}192\.0\.2\.10 → 198\.51\.100\.10:9000 +udp +blocked by v2 {2}2,513 times/)
  })

  it('shows whether the client reaches the server', () => {
    const open = { ...BLOCKED, client: { ...BLOCKED.client, isBlocked: false } }
    expect(text(open).join('\n')).not.toContain('✕')
    expect(text(BLOCKED).join('\n')).toContain('✕')
  })

  it('marks the phases done, current and to come', () => {
    expect(text(BLOCKED).join('\n')).toContain('● open ── ● block ── ◉ replace ── ○ unblock')
  })
})
