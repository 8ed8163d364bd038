import { describe, expect, it } from 'vitest'
import { ansi } from './ansi.js'
import { bytes, count, micros, rate } from './format.js'
import { Screen } from './screen.js'
import { sparkline } from './sparkline.js'
import { svg } from './svg.js'
import { fit, justify, span, width } from './text.js'

describe('text', () => {
  it('fits a line to a width', () => {
    expect(fit([span('abc'), span('def', 'bad')], 4)).toEqual([span('abc'), span('d', 'bad')])
    expect(width(fit([span('abc')], 10))).toBe(10)
  })

  it('puts one part at each end', () => {
    expect(ansi(justify([span('left')], [span('right')], 12), false)).toBe('left   right')
    expect(ansi(justify([span('left')], [span('right')], 6), false)).toBe('lright')
  })
})

describe('format', () => {
  it.each([
    [count(1_234_567n), '1,234,567'],
    [rate(9_999), '9,999/s'],
    [rate(12_345), '12.3 k/s'],
    [rate(2_640_000), '2.64 M/s'],
    [bytes(999), '999 B'],
    [bytes(1_500n), '1.5 kB'],
    [bytes(5e15), '5000.0 TB'],
    [micros(83.4), '83 µs'],
    [micros(12_345), '12.3 ms'],
  ])('%s', (actual, expected) => {
    expect(actual).toBe(expected)
  })
})

describe('sparkline', () => {
  it('scales to the greatest value', () => {
    expect(sparkline([0, 50, 100], 5)).toBe('▁▄▇  ')
  })

  it('shows the last ones, and a scale of its own on request', () => {
    expect(sparkline([100, 0, 50], 2, 200)).toBe('▁▃')
  })

  it('is flat where there is nothing', () => {
    expect(sparkline([0, 0], 3)).toBe('▁▁ ')
    expect(sparkline([], 3)).toBe('   ')
  })
})

describe('ansi', () => {
  it('colours by tone, or not at all', () => {
    expect(ansi([span('a', 'bad'), span('b')], true)).toBe('\x1b[31ma\x1b[0mb')
    expect(ansi([span('a', 'bad'), span('b')], false)).toBe('ab')
  })
})

describe('Screen', () => {
  it('draws over the last frame without clearing, and gives the terminal back once', () => {
    let written = ''
    const screen = new Screen({ write: (text) => (written += text), columns: 80, rows: 24 })
    screen.draw(['one', 'two'])
    expect(written).not.toContain('\x1b[2J')
    expect(written).toContain('one\x1b[K\r\ntwo\x1b[K\x1b[J')
    written = ''
    screen.close()
    screen.close()
    screen.draw(['late'])
    expect(written).toBe('\x1b[?25h\x1b[?1049l')
  })
})

describe('svg', () => {
  it('places every span at its column and escapes it', () => {
    const picture = svg([[span('  '), span('a<b', 'bad'), span('   '), span('c')]], 'x & y')
    expect(picture).toContain('<title>x &amp; y</title>')
    expect(picture).toContain(
      'x="36.8" textLength="25.2" lengthAdjust="spacingAndGlyphs" fill="#ff7b72">a&lt;b</tspan>',
    )
    expect(picture).toContain('x="87.2"')
  })
})
