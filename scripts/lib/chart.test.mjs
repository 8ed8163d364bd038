import { expect, test } from 'vitest'
import { chart } from './chart.mjs'

const rows = [
  { name: 'hash get', unit: 'ns', millrace: 50, peers: { C: 100, 'a < b': 25 } },
  { name: 'own <row>', unit: 'ns', millrace: 123.4, peers: {} },
]

test('a bar for each figure, as long as its part of the longest in the row', () => {
  const svg = chart('maps & more', rows)
  const bars = [...svg.matchAll(/x="270" y="(\d+)" width="([\d.]+)"/g)].map(([, , width]) => Number(width))
  expect(bars).toEqual([280, 560, 140, 560])
  for (const words of ['maps &amp; more', 'own &lt;row>'.replace('>', '&gt;'), 'a &lt; b', '50 ns', '123 ns']) {
    expect(svg).toContain(words)
  }
})
