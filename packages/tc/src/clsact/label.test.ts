import { describe, expect, it } from 'vitest'
import { labelOf, labelText } from './label.js'

const root = '/sys/fs/bpf/millrace'
const labels = [
  { text: 'millrace/firewall', mark: { name: 'firewall', pinRoot: undefined }, ownsQdisc: false },
  { text: 'millrace+/firewall', mark: { name: 'firewall', pinRoot: undefined }, ownsQdisc: true },
  { text: `millrace:firewall@${root}`, mark: { name: 'firewall', pinRoot: root }, ownsQdisc: false },
  { text: `millrace+:firewall@${root}`, mark: { name: 'firewall', pinRoot: root }, ownsQdisc: true },
]

describe("a filter's name", () => {
  it.each(labels)('$text says whose it is and who made the qdisc', ({ text, ...label }) => {
    expect(labelText(label)).toBe(text)
    expect(labelOf(text)).toEqual(label)
  })

  it.each(['', 'millrace', 'millrace+', 'millrace+firewall', 'millrace++/firewall', 'millracer/x', 'cls_main', '+/x'])(
    '%j is not ours',
    (text) => {
      expect(labelOf(text)).toBeUndefined()
    },
  )
})
